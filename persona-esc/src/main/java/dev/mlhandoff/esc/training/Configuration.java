package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.model.ModelFamilies;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * One model configuration to judge.
 *
 * @param id unique within the run; also a column of the out-of-fold predictions
 * @param family name of the model family
 */
public record Configuration(String id, String family, SortedMap<String, Double> parameters) {

  /** Every family with its sensible parameters: the baseline first, then the simplest. */
  public static List<Configuration> defaults(List<String> families) {
    List<Configuration> defaults = new ArrayList<>();
    for (String name : ModelFamilies.names()) {
      if (name.equals(ModelFamilies.BASELINE) || families.contains(name)) {
        defaults.add(new Configuration(name, name, ModelFamilies.named(name).defaults()));
      }
    }
    return defaults;
  }
}
