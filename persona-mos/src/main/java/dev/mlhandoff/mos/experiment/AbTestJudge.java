package dev.mlhandoff.mos.experiment;

import dev.mlhandoff.ml.sequential.Interval;
import java.util.List;

/**
 * Judges an A/B test by the interval of the difference, which holds at all sample sizes at once:
 * asking after every outcome does not raise the share of false verdicts.
 */
public final class AbTestJudge {

  private final AbTestPlan plan;

  public AbTestJudge(AbTestPlan plan) {
    this.plan = plan;
  }

  /**
   * Judges what is known.
   *
   * @param predictions one of each entity, in the order in which their outcomes became known
   * @param expired whether no more of them are waited for
   */
  public AbTestResult judge(List<LabelledPrediction> predictions, boolean expired) {
    PairedComparison comparison = new PairedComparison();
    long[] samples = new long[2];
    double[] sums = new double[2];
    for (LabelledPrediction prediction : predictions) {
      double value = plan.metric().of(prediction);
      int arm = prediction.challenger() ? 1 : 0;
      samples[arm]++;
      sums[arm] += value;
      if (prediction.challenger()) {
        comparison.addB(value);
      } else {
        comparison.addA(value);
      }
    }
    Interval interval = comparison.interval(plan.significance());
    return new AbTestResult(
        verdict(Math.min(samples[0], samples[1]), interval, expired),
        samples[0],
        samples[1],
        mean(sums[0], samples[0]),
        mean(sums[1], samples[1]),
        comparison.pairs(),
        comparison.difference(),
        interval.lower(),
        interval.upper());
  }

  private Verdict verdict(long samples, Interval interval, boolean expired) {
    if (samples >= plan.minimumSamples() && !interval.contains(0)) {
      return interval.lower() > 0 == plan.metric().higherIsBetter()
          ? Verdict.B_BETTER
          : Verdict.A_BETTER;
    }
    return expired || samples >= plan.maximumSamples() ? Verdict.NO_DIFFERENCE : Verdict.RUNNING;
  }

  private static double mean(double sum, long count) {
    return count == 0 ? 0 : sum / count;
  }
}
