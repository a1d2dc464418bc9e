package dev.mlhandoff.ml.model;

import java.util.List;

/** The families that requests may name. */
public final class ModelFamilies {

  /** The baseline; always trained and always shown. */
  public static final String BASELINE = "logistic_regression";

  /** The simplest first: the order in which selection prefers families that score alike. */
  private static final List<ModelFamily> ALL =
      List.of(
          new LogisticRegression(),
          BoostedTrees.gradientBoosting(),
          new LightGbm(),
          BoostedTrees.randomForest());

  private ModelFamilies() {}

  /** The names, the simplest family first. */
  public static List<String> names() {
    return ALL.stream().map(ModelFamily::name).toList();
  }

  /**
   * @throws IllegalArgumentException if there is no family of that name
   */
  public static ModelFamily named(String name) {
    for (ModelFamily family : ALL) {
      if (family.name().equals(name)) {
        return family;
      }
    }
    throw new IllegalArgumentException("no model family " + name + ", only " + names());
  }
}
