package dev.mlhandoff.e2e.reference;

import dev.mlhandoff.esc.training.TrainingData;
import dev.mlhandoff.ml.metrics.RocAuc;
import dev.mlhandoff.ml.model.ModelFamilies;
import dev.mlhandoff.ml.model.ModelFamily;
import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Mean AUC-ROC over the given folds, with pipeline and model fitted on the others.
 *
 * @param meanAuc by model family
 * @param selected source columns that any fold selected
 */
record CrossValidation(SortedMap<String, Double> meanAuc, Set<String> selected) {

  static CrossValidation of(TrainingData data, int top, Iterable<String> families) {
    int folds = Arrays.stream(data.fold()).max().orElse(-1) + 1;
    SortedMap<String, Double> mean = new TreeMap<>();
    Set<String> selected = new TreeSet<>();
    for (int fold = 0; fold < folds; fold++) {
      int current = fold;
      int[] rows = rows(data, current, false);
      int[] validation = rows(data, current, true);
      RawTable table = data.table().select(rows);
      int[] labels = labels(data, rows);
      FeaturePipeline pipeline = PipelineFitter.fit(table, labels, top);
      pipeline.features().stream().map(FittedFeature::sources).forEach(selected::addAll);
      float[][] input = PipelineFitter.trainingInput(pipeline, table, labels);
      float[][] unseen = pipeline.transform(data.table().select(validation));
      for (String name : families) {
        ModelFamily family = ModelFamilies.named(name);
        double[] scores = family.train(input, labels, family.defaults(), 42).probabilities(unseen);
        mean.merge(name, RocAuc.of(scores, labels(data, validation)) / folds, Double::sum);
      }
    }
    return new CrossValidation(mean, selected);
  }

  double auc(String family) {
    return meanAuc.getOrDefault(family, Double.NaN);
  }

  /** A short text of the figures, for the log. */
  static String figures(Map<String, Double> auc) {
    StringBuilder text = new StringBuilder();
    auc.forEach((family, value) -> text.append(" %s %.4f".formatted(family, value)));
    return text.toString().strip();
  }

  private static int[] rows(TrainingData data, int fold, boolean inside) {
    return IntStream.range(0, data.fold().length)
        .filter(i -> (data.fold()[i] == fold) == inside)
        .toArray();
  }

  private static int[] labels(TrainingData data, int[] rows) {
    return Arrays.stream(rows).map(row -> data.labels()[row]).toArray();
  }
}
