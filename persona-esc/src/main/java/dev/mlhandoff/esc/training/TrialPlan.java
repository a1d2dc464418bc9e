package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** Which trials an attempt runs: sensible defaults first, then a search that widens. */
public final class TrialPlan {

  private static final int SEARCH_PER_ATTEMPT = 2;

  private TrialPlan() {}

  /**
   * The trials, the baseline first.
   *
   * @param attempt from 1; every later one draws more configurations
   */
  public static List<Trial> of(List<String> families, int attempt, long seed) {
    List<Trial> trials = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of(ModelFamilies.BASELINE));
    new TreeSet<>(families)
        .stream().filter(name -> !name.equals(ModelFamilies.BASELINE)).forEach(names::add);
    for (String name : names) {
      ModelFamily family = ModelFamilies.named(name);
      trials.add(new Trial(name, name, family.defaults()));
      List<SortedMap<String, Double>> wider =
          family.wider(seed + attempt, SEARCH_PER_ATTEMPT * (attempt - 1));
      for (int i = 0; i < wider.size(); i++) {
        trials.add(new Trial(name + "_" + (i + 1), name, wider.get(i)));
      }
    }
    return trials;
  }
}
