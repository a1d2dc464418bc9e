package dev.mlhandoff.ml.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Parameter sets by name. */
final class Parameters {

  private Parameters() {}

  static SortedMap<String, Double> of(Map<String, Double> values) {
    return new TreeMap<>(values);
  }

  /** Draws parameter sets; each parameter is taken from its list of values. */
  static List<SortedMap<String, Double>> draw(
      SortedMap<String, List<Double>> space, long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SortedMap<String, Double>> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SortedMap<String, Double> parameters = new TreeMap<>();
      space.forEach(
          (name, values) -> parameters.put(name, values.get(random.nextInt(values.size()))));
      drawn.add(parameters);
    }
    return drawn;
  }

  static double get(SortedMap<String, Double> parameters, String name) {
    Double value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return value;
  }
}
