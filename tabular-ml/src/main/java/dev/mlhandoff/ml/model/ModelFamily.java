package dev.mlhandoff.ml.model;

import java.util.SortedMap;

/** A way to train models. A further family is one more class of this kind. */
public interface ModelFamily {

  /** The name that requests use. */
  String name();

  /** Sensible parameters, tried first. */
  SortedMap<String, Double> defaults();

  /** The parameters that a search may vary, and how far; the others keep their defaults. */
  SortedMap<String, Range> space();

  /** What {@link Model#importance} measures, in words. */
  String importanceMethod();

  /** Trains on one thread; the same arguments give the same model. */
  Model train(float[][] rows, int[] labels, SortedMap<String, Double> parameters, long seed);

  /** Reads what {@link Model#toBytes} wrote. */
  Model read(byte[] content);
}
