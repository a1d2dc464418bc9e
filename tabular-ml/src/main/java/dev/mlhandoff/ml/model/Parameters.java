package dev.mlhandoff.ml.model;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parameter sets by name. */
final class Parameters {

  private Parameters() {}

  static SortedMap<String, Double> of(Map<String, Double> values) {
    return new TreeMap<>(values);
  }

  static double get(SortedMap<String, Double> parameters, String name) {
    Double value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return value;
  }
}
