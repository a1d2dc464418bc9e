package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.Model;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How much each feature matters, by the model's own measure and by what its loss costs out of fold.
 *
 * @param modelMethod what {@code Feature.model} measures
 * @param permutationMethod what {@code Feature.permutation} measures
 * @param features the most important by permutation first
 */
public record Importance(String modelMethod, String permutationMethod, List<Feature> features) {

  static final String PERMUTATION =
      "mean drop of the fold AUC-ROC when the feature's values are permuted among the rows that are"
          + " scored (Breiman 2001)";

  /**
   * One column of the model.
   *
   * @param source the candidate feature that it is made from; the two of an interaction
   * @param model importance in the final model, as a share of all
   * @param permutation drop of the AUC; around 0 or below if the feature does not matter
   * @param folds in how many folds selection kept it; the drop is the mean over these
   */
  public record Feature(String name, String source, double model, double permutation, int folds) {}

  /** The drop of a fold's AUC for each feature of that fold's model. */
  static Map<String, Double> drops(
      FoldInput input, int[] validationLabels, Configuration configuration, long seed) {
    Model model =
        ModelFamilies.named(configuration.family())
            .train(input.training(), input.trainingLabels(), configuration.parameters(), seed);
    double whole = RocAuc.of(model.probabilities(input.validation()), validationLabels);
    Map<String, Double> drops = new TreeMap<>();
    List<FittedFeature> features = input.pipeline().features();
    for (int column = 0; column < features.size(); column++) {
      float[][] permuted = permuted(input.validation(), column, seed + column);
      double without = RocAuc.of(model.probabilities(permuted), validationLabels);
      drops.put(features.get(column).name(), whole - without);
    }
    return drops;
  }

  private static float[][] permuted(float[][] rows, int column, long seed) {
    int[] order = new int[rows.length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    float[][] permuted = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      permuted[i] = rows[i].clone();
      permuted[i][column] = rows[order[i]][column];
    }
    return permuted;
  }
}
