package dev.mlhandoff.cli.sample;

import java.util.Random;

/**
 * One customer of a Pareto/NBD process (Schmittlein, Morrison and Colombo 1987): buys at a constant
 * rate until an exponentially distributed drop-out. Times are days; 0 is the as-of date.
 *
 * @param joined day of the first purchase, negative
 * @param rate purchases a day while active
 * @param dropOutRate drop-outs a day
 * @param droppedOut day of the drop-out
 */
record PurchaseProcess(double joined, double rate, double dropOutRate, double droppedOut) {

  private static final double SHAPE = 1.5;
  private static final double MEAN_RATE = 0.17;
  private static final double MEAN_DROP_OUT_RATE = 0.0026;
  private static final int HISTORY_DAYS = 365;
  private static final int YOUNGEST_DAYS = 30;

  /**
   * @param loyalty below 1 for customers who drop out sooner than others
   */
  static PurchaseProcess draw(Random random, double loyalty) {
    double joined = -YOUNGEST_DAYS - random.nextDouble() * (HISTORY_DAYS - YOUNGEST_DAYS);
    double rate = gamma(random) * MEAN_RATE + 0.004;
    double dropOutRate = (gamma(random) * MEAN_DROP_OUT_RATE + 1e-5) / loyalty;
    return new PurchaseProcess(
        joined, rate, dropOutRate, joined + exponential(random, dropOutRate));
  }

  /** The next purchase after a day, whether it happens before the drop-out or not. */
  double next(double day, Random random) {
    return day + exponential(random, rate);
  }

  /**
   * The true probability of no purchase within a period after the as-of date, given the history.
   *
   * @param last day of the last purchase up to the as-of date
   */
  double inactive(double last, double period) {
    double both = rate + dropOutRate;
    double alive = 1 / (1 + dropOutRate / both * (Math.exp(Math.min(500, both * -last)) - 1));
    return 1 - alive * rate / both * (1 - Math.exp(-both * period));
  }

  private static double exponential(Random random, double rate) {
    return -Math.log(1 - random.nextDouble()) / rate;
  }

  /** Gamma with shape 1.5 and mean 1: a sum of an exponential and half a chi-square. */
  private static double gamma(Random random) {
    double normal = random.nextGaussian();
    return (exponential(random, 1) + normal * normal / 2) / SHAPE;
  }
}
