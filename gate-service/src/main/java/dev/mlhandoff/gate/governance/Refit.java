package dev.mlhandoff.gate.governance;

import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * One fold trained again from the features: pipeline, model and scores must come out as reported.
 *
 * @param auc AUC-ROC of the fold
 * @param distance largest difference of a probability from the reported one
 */
public record Refit(int fold, double auc, double distance) {

  /** Another machine may round the last digits of a probability otherwise. */
  private static final double SAME = 1e-6;

  /**
   * How the selected model was trained.
   *
   * @param top how many features the fold's selection may keep
   */
  public record Recipe(String family, SortedMap<String, Double> parameters, int top, long seed) {}

  /**
   * Trains a fold that the seed picks.
   *
   * @param fold fold of each row, from 0
   * @param reported out-of-fold probabilities of the selected trial
   */
  public static Refit of(
      RawTable table, int[] labels, int[] fold, double[] reported, Recipe recipe) {
    int folds = Arrays.stream(fold).max().orElse(0) + 1;
    int sampled = new SplittableRandom(recipe.seed()).nextInt(folds);
    int[] train = rows(fold, sampled, false);
    int[] validation = rows(fold, sampled, true);
    RawTable rows = table.select(train);
    int[] trainLabels = select(labels, train);
    FeaturePipeline pipeline = PipelineFitter.fit(rows, trainLabels, recipe.top());
    double[] scores =
        ModelFamilies.named(recipe.family())
            .train(
                PipelineFitter.trainingInput(pipeline, rows, trainLabels),
                trainLabels,
                recipe.parameters(),
                recipe.seed())
            .probabilities(pipeline.transform(table.select(validation)));
    double distance = 0;
    for (int i = 0; i < validation.length; i++) {
      distance = Math.max(distance, Math.abs(scores[i] - reported[validation[i]]));
    }
    return new Refit(sampled, RocAuc.of(scores, select(labels, validation)), distance);
  }

  /**
   * Fails where the fold did not come out as reported, or where something needed to repeat the run
   * is missing.
   *
   * @param claimed the fold's AUC-ROC in the report
   * @param missing what is needed and not there, in words
   */
  public Finding finding(double claimed, List<String> missing) {
    boolean same = distance <= SAME && Math.abs(auc - claimed) <= SAME;
    String text =
        "fold %d trained again scores an AUC-ROC of %.9f, reported is %.9f; probabilities differ by at most %.1e"
            .formatted(fold, auc, claimed, distance);
    return Finding.of(
        CheckIds.REPRODUCIBLE,
        same && missing.isEmpty(),
        missing.isEmpty() ? text : text + "; missing: " + String.join(", ", missing),
        Map.of("fold", (double) fold, "again", auc, "reported", claimed, "distance", distance),
        "feature_engineering/features",
        "training/experiment-report",
        "training/oof-predictions");
  }

  private static int[] rows(int[] fold, int wanted, boolean inside) {
    return IntStream.range(0, fold.length).filter(i -> (fold[i] == wanted) == inside).toArray();
  }

  private static int[] select(int[] values, int[] rows) {
    return Arrays.stream(rows).map(row -> values[row]).toArray();
  }
}
