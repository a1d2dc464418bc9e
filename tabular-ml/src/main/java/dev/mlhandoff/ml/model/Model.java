package dev.mlhandoff.ml.model;

/** A trained model. Safe to use from several threads. */
public interface Model {

  /** Probability of the positive class for each row, in [0, 1]. */
  double[] probabilities(float[][] rows);

  /** The model as bytes that its family reads back. */
  byte[] toBytes();
}
