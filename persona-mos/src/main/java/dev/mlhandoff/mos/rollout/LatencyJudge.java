package dev.mlhandoff.mos.rollout;

import java.util.Arrays;

/**
 * Objects once the 99th percentile is over its limit in two windows that follow each other; a
 * single slow window may be chance. The limit is the target, or, if that is less, three times the
 * incumbent's 99th percentile and at least half the target above it: so far noise of the machine
 * reaches.
 */
final class LatencyJudge implements Judge {

  private static final int WINDOW = 100;
  private static final double TIMES_INCUMBENT = 3;
  private static final double ROOM = 0.5;

  private final double targetMs;

  LatencyJudge(double targetMs) {
    this.targetMs = targetMs;
  }

  @Override
  public Opinion judge(Evidence evidence) {
    double[] latencies = evidence.candidate().latenciesMs();
    int window = evidence.replayed() ? Math.min(WINDOW, latencies.length / 2) : WINDOW;
    if (window == 0 || latencies.length < 2 * window) {
      return Opinion.waits("latency: two windows of %d requests are needed".formatted(WINDOW));
    }
    double limit = limit(evidence, window);
    boolean slow = false;
    for (int from = 0; from + window <= latencies.length; from += window) {
      double p99 = p99(latencies, from, from + window);
      if (slow && p99 > limit) {
        return Opinion.objects(
            "latency: p99 is %.1f ms in a second window, the limit %.1f ms (target %.0f ms)"
                .formatted(p99, limit, targetMs));
      }
      slow = p99 > limit;
    }
    return slow && !evidence.replayed()
        ? Opinion.waits("latency: the last window was over %.1f ms".formatted(limit))
        : Opinion.agrees();
  }

  private double limit(Evidence evidence, int window) {
    Arm incumbent = evidence.incumbent();
    if (incumbent == null || incumbent.latenciesMs().length < window) {
      return targetMs;
    }
    double p99 = p99(incumbent.latenciesMs(), 0, incumbent.latenciesMs().length);
    return Math.min(targetMs, Math.max(TIMES_INCUMBENT * p99, p99 + ROOM * targetMs));
  }

  private static double p99(double[] latencies, int from, int to) {
    double[] sorted = Arrays.copyOfRange(latencies, from, to);
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(0.99 * sorted.length) - 1];
  }
}
