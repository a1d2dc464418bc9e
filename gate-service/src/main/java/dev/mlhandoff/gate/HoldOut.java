package dev.mlhandoff.gate;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.quality.RulingMetric;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Scores the hold-out, whose labels only the gate reads. */
final class HoldOut {

  private HoldOut() {}

  /** The metric of the model that would be served, on rows that training never saw. */
  static double score(ModelBundle bundle, RulingMetric metric, ArtifactReader artifacts)
      throws IOException, EvidenceMismatchException {
    ParquetTable features = artifacts.table(StageIds.FEATURE_ENGINEERING, "features");
    ParquetTable answers = artifacts.table(StageIds.DATA_PIPELINE, "holdout-labels");
    try {
      Map<String, Integer> labelOf = new HashMap<>();
      @Nullable String[] answerKeys = answers.texts("entity_key");
      double[] answer = answers.numbers("label");
      for (int i = 0; i < answerKeys.length; i++) {
        labelOf.put(String.valueOf(answerKeys[i]), (int) answer[i]);
      }
      @Nullable String[] keys = features.texts("entity_key");
      double[] held = features.numbers("holdout");
      int[] rows = IntStream.range(0, keys.length).filter(i -> held[i] == 1).toArray();
      if (rows.length != labelOf.size()) {
        throw new EvidenceMismatchException(
            "%d hold-out entities have features, %d have labels"
                .formatted(rows.length, labelOf.size()));
      }
      int[] labels = new int[rows.length];
      for (int i = 0; i < rows.length; i++) {
        Integer label = labelOf.get(String.valueOf(keys[rows[i]]));
        if (label == null) {
          throw new EvidenceMismatchException(
              "a hold-out entity has no label in the data pipeline");
        }
        labels[i] = label;
      }
      return metric.of(bundle.probabilities(raw(bundle, features).select(rows)), labels);
    } catch (IllegalArgumentException e) {
      throw new EvidenceMismatchException(String.valueOf(e.getMessage()), e);
    }
  }

  private static RawTable raw(ModelBundle bundle, ParquetTable features) {
    RawTable.Builder builder = RawTable.builder(features.rows());
    for (RawColumn column : bundle.schema()) {
      if (column.kind() == Kind.NUMERIC) {
        builder.numeric(column.name(), features.numbers(column.name()));
      } else {
        builder.categorical(column.name(), features.texts(column.name()));
      }
    }
    return builder.build();
  }
}
