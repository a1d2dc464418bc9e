package dev.mlhandoff.cli.traffic;

import java.util.Locale;
import org.HdrHistogram.ConcurrentHistogram;

/** What became of the requests so far; may be used from many threads. */
public final class Counts {

  private static final double MICROS_PER_MILLI = 1000;
  private static final int DIGITS = 3;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);
  private long sent;
  private long answered;
  private long refused;
  private long failed;

  synchronized void sent() {
    sent++;
  }

  /**
   * @param nanos from the moment at which the request was due
   */
  synchronized void answered(long nanos) {
    answered++;
    micros.recordValue(Math.max(0, nanos / 1000));
  }

  synchronized void refused() {
    refused++;
  }

  synchronized void failed() {
    failed++;
  }

  /** Requests that were answered with a prediction. */
  public synchronized long answers() {
    return answered;
  }

  /** Requests of which it is known what became of them. */
  synchronized long settled() {
    return answered + refused + failed;
  }

  /** In one line, for people. */
  public synchronized String describe() {
    return String.format(
        Locale.ROOT,
        "sent %d, answered %d, refused %d%s, p50 %.1f ms, p99 %.1f ms",
        sent,
        answered,
        refused,
        failed == 0 ? "" : ", failed " + failed,
        micros.getValueAtPercentile(50) / MICROS_PER_MILLI,
        micros.getValueAtPercentile(99) / MICROS_PER_MILLI);
  }
}
