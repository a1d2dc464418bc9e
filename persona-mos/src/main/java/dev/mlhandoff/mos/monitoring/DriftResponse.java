package dev.mlhandoff.mos.monitoring;

/** What is done about a confirmed drift. */
public interface DriftResponse {

  /**
   * Called for every confirmed window, from a durable task: repeated until it returns, so it may be
   * called twice for the same {@link ConfirmedDrift#id}. A drift that lasts is confirmed again with
   * each further window.
   */
  void confirmed(ConfirmedDrift drift);
}
