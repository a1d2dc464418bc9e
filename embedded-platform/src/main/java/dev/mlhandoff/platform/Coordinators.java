package dev.mlhandoff.platform;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;

/**
 * The topics in which a broker keeps groups and transactions are made by whoever asks first. Dozens
 * of clients that ask at once hold up one another, and what they wait for: one asks before them.
 */
final class Coordinators {

  private static final String NOBODY = "first-to-ask";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Coordinators() {}

  /**
   * Returns when both answer.
   *
   * @param broker {@code host:port} of a listener that lets everybody ask
   */
  static void await(String broker) throws ExecutionException, InterruptedException {
    int patience = (int) PATIENCE.toMillis();
    try (Admin admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                broker,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                patience))) {
      admin.listConsumerGroupOffsets(NOBODY).all().get();
      admin.describeTransactions(List.of(NOBODY)).all().get();
    } catch (ExecutionException e) {
      // The answer that there is no such transaction is one.
      if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
        throw e;
      }
    }
  }
}
