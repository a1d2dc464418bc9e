package dev.mlhandoff.e2e.serving;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What became of the requests of an {@link OpenLoop}; times in microseconds. */
final class LoadReport {

  /** A generator that is later than this for one request in a hundred has fallen behind. */
  static final double MOST_LATE_MS = 10;

  private static final double MICROS = 1000;
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private final double rate;
  private final Histogram answered = new Histogram(3);
  private final Histogram refused = new Histogram(3);
  private final Histogram lateness = new Histogram(3);
  private final Map<String, Integer> failures = new TreeMap<>();

  /**
   * @param rate requests a second that were intended
   */
  LoadReport(double rate) {
    this.rate = rate;
  }

  /** The generator noticed a request so long after it was due. */
  void due(long lateNanos) {
    lateness.recordValue(Math.max(0, lateNanos / 1000));
  }

  /**
   * @param nanos since the request was due
   */
  void answered(int status, long nanos) {
    if (status == OK) {
      answered.recordValue(nanos / 1000);
    } else if (status == TOO_MANY || status == UNAVAILABLE) {
      refused.recordValue(nanos / 1000);
    } else {
      failed("status " + status);
    }
  }

  void failed(String how) {
    failures.merge(how, 1, Integer::sum);
  }

  /** Whether the generator fell behind: the figures then say nothing of the server. */
  boolean isVoid() {
    return lateness.getValueAtPercentile(99) / MICROS > MOST_LATE_MS;
  }

  /** Whether everything was answered, at the 99th percentile within the limit. */
  boolean isWithin(double milliseconds) {
    return !isVoid() && refused.getTotalCount() == 0 && failures.isEmpty() && p99() <= milliseconds;
  }

  /** Of the answers with 200, in milliseconds from when the request was due. */
  double p99() {
    return answered.getValueAtPercentile(99) / MICROS;
  }

  /** Requests that were answered with 200, a second of the run. */
  double goodput(double seconds) {
    return answered.getTotalCount() / seconds;
  }

  /** Share of the requests that were answered with 429 or 503. */
  double shareRefused() {
    long failed = failures.values().stream().mapToInt(Integer::intValue).sum();
    long all = answered.getTotalCount() + refused.getTotalCount() + failed;
    return all == 0 ? 0 : (double) refused.getTotalCount() / all;
  }

  @Override
  public String toString() {
    String text =
        "%.0f/s intended: %d answered, p50 %.1f ms, p99 %.1f ms, max %.1f ms; %.1f %% refused, p99 %.1f ms; failed %s; generator late by %.1f ms at p99"
            .formatted(
                rate,
                answered.getTotalCount(),
                answered.getValueAtPercentile(50) / MICROS,
                p99(),
                answered.getMaxValue() / MICROS,
                100 * shareRefused(),
                refused.getValueAtPercentile(99) / MICROS,
                failures,
                lateness.getValueAtPercentile(99) / MICROS);
    return isVoid() ? "VOID, the generator fell behind: " + text : text;
  }
}
