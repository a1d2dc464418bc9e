package dev.mlhandoff.ml.model;

/** A trained model. Safe to use from several threads. */
public interface Model {

  /** Probability of the positive class for each row, in [0, 1]. */
  double[] probabilities(float[][] rows);

  /**
   * What each input column adds to the log-odds of one row (Shapley values for trees, weight times
   * value for a linear model). One entry a column and what every row starts from as the last; their
   * sum is the log-odds of the probability.
   */
  double[] contributions(float[] row);

  /**
   * How much each input column matters to the model, by its family's own measure.
   *
   * @param width number of input columns
   * @return not below 0, on a scale of its own
   */
  double[] importance(int width);

  /** The model as bytes that its family reads back. */
  byte[] toBytes();
}
