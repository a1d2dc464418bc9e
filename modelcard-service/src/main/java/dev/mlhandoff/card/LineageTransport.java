package dev.mlhandoff.card;

import io.openlineage.client.OpenLineage.RunEvent;

/** Where lineage goes. */
@FunctionalInterface
interface LineageTransport {

  /**
   * Sends an event, or throws a {@link dev.mlhandoff.runtime.TransientException}: then it is tried
   * again later.
   *
   * @param runId the project's run
   */
  void send(String runId, RunEvent event);
}
