package dev.mlhandoff.ml.pipeline;

import dev.mlhandoff.ml.table.Kind;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.ml.table.RawTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns raw rows into the model's input. Everything it knows was learned from the rows it was
 * fitted on; training, REST and batch all run this code.
 *
 * @param raw the raw columns it may read
 * @param features the selected columns of the model's input, in their order
 */
public record FeaturePipeline(List<RawColumn> raw, List<FittedFeature> features) {

  static final String MISSING = "(missing)";

  public FeaturePipeline {
    raw = List.copyOf(raw);
    features = List.copyOf(features);
  }

  /** The model's input, one array a row. */
  public float[][] transform(RawTable table) {
    float[][] rows = new float[table.rows()][features.size()];
    for (int j = 0; j < features.size(); j++) {
      double[] column = column(features.get(j), table);
      for (int i = 0; i < rows.length; i++) {
        rows[i][j] = (float) column[i];
      }
    }
    return rows;
  }

  /** One fitted column over all rows. */
  static double[] column(FittedFeature feature, RawTable table) {
    double[] values = new double[table.rows()];
    FittedFeature.@Nullable Pair pair = feature.pair();
    if (pair != null) {
      double[] raw = table.numbers(feature.source());
      double[] other = table.numbers(pair.other());
      for (int i = 0; i < values.length; i++) {
        values[i] = feature.ofNumbers(pair, raw[i], other[i]);
      }
    } else if (table.kind(feature.source()) == Kind.NUMERIC) {
      double[] raw = table.numbers(feature.source());
      for (int i = 0; i < values.length; i++) {
        values[i] = feature.ofNumber(raw[i]);
      }
    } else {
      @Nullable String[] raw = table.categories(feature.source());
      for (int i = 0; i < values.length; i++) {
        values[i] = feature.ofCategory(raw[i]);
      }
    }
    return values;
  }
}
