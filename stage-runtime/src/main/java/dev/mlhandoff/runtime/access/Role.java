package dev.mlhandoff.runtime.access;

import java.util.Locale;

/** What the holder of a token may do; neither role holds the other. */
public enum Role {
  /** Orders work: requests, batches, retraining. */
  REQUESTER,
  /** Decides what goes on and what serves: parked runs, rollbacks, A/B tests. */
  APPROVER;

  /** As configuration and people write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
