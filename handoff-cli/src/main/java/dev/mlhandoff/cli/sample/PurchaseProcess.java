package dev.mlhandoff.cli.sample;

import java.util.Random;

/**
 * One customer of a Pareto/NBD process (Schmittlein, Morrison and Colombo 1987): visits at a
 * constant rate until an exponentially distributed drop-out. Times are days; 0 is the as-of date.
 * The usual time between visits is near the period of the label, so that a pause says little.
 *
 * @param joined day of the first visit, negative
 * @param rate visits a day while active
 * @param dropOutRate drop-outs a day
 * @param droppedOut day of the drop-out
 */
record PurchaseProcess(double joined, double rate, double dropOutRate, double droppedOut) {

  private static final double SHAPE = 1.5;
  private static final double MEAN_RATE = 0.034;
  private static final double MEAN_DROP_OUT_RATE = 0.0026;
  private static final double ANOTHER_TRANSACTION = 0.69;
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

  /** The next visit after a day, whether it happens before the drop-out or not. */
  double next(double day, Random random) {
    return day + exponential(random, rate);
  }

  /**
   * The true probability of no visit within a period after the as-of date, given the history.
   *
   * @param last day of the last visit up to the as-of date
   */
  double inactive(double last, double period) {
    double both = rate + dropOutRate;
    double alive = 1 / (1 + dropOutRate / both * (Math.exp(Math.min(500, both * -last)) - 1));
    return 1 - alive * rate / both * (1 - Math.exp(-both * period));
  }

  /** How many transactions a visit has: at least one, geometrically distributed. */
  static int transactions(Random random) {
    int count = 1;
    while (random.nextDouble() < ANOTHER_TRANSACTION) {
      count++;
    }
    return count;
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
