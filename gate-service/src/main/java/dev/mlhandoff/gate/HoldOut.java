package dev.mlhandoff.gate;

import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.quality.NonInferiority;
import dev.mlhandoff.gate.quality.RulingMetric;
import dev.mlhandoff.messages.ChampionComparison;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.metrics.Bootstrap;
import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The hold-out, whose labels only the gate reads: rows that training never saw. */
final class HoldOut {

  private final ParquetTable features;
  private final int[] rows;
  private final int[] labels;

  private HoldOut(ParquetTable features, int[] rows, int[] labels) {
    this.features = features;
    this.rows = rows;
    this.labels = labels;
  }

  /** Joins the rows that were held out with their labels. */
  static HoldOut open(ArtifactReader artifacts) throws IOException, EvidenceMismatchException {
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
      return new HoldOut(features, rows, labels);
    } catch (IllegalArgumentException e) {
      throw new EvidenceMismatchException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The metric of a model. */
  double score(ModelBundle bundle, RulingMetric metric) throws EvidenceMismatchException {
    return metric.of(probabilities(bundle), labels);
  }

  /**
   * Both models on the same rows.
   *
   * @param version the champion's
   * @param margin see {@link ChampionComparison#margin}
   */
  ChampionComparison compare(
      ModelBundle challenger,
      ModelBundle champion,
      String version,
      RulingMetric metric,
      double margin,
      long seed)
      throws EvidenceMismatchException {
    double[] challenging = probabilities(challenger);
    double[] serving = probabilities(champion);
    Bootstrap.Interval difference =
        NonInferiority.difference(metric, challenging, serving, labels, seed);
    return new ChampionComparison(
        version,
        metric.id(),
        labels.length,
        metric.of(serving, labels),
        metric.of(challenging, labels),
        difference.lower(),
        difference.upper(),
        margin);
  }

  private double[] probabilities(ModelBundle bundle) throws EvidenceMismatchException {
    try {
      return bundle.probabilities(raw(bundle, features).select(rows));
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
