package dev.mlhandoff.esc.training;

import dev.mlhandoff.ml.pipeline.FeaturePipeline;
import dev.mlhandoff.ml.pipeline.PipelineFitter;
import dev.mlhandoff.ml.table.RawTable;

/**
 * What a model of one fold is trained and scored on, with the pipeline fitted on its training rows
 * alone. The same for every configuration.
 *
 * @param training the model's input for the training rows
 * @param validation the same for the rows that are scored
 * @param trainingLabels labels of the training rows
 * @param validationRows positions of the scored rows in the training data
 */
@SuppressWarnings("ArrayRecordComponent") // large columns, never compared
public record FoldInput(
    FeaturePipeline pipeline,
    float[][] training,
    float[][] validation,
    int[] trainingLabels,
    int[] validationRows) {

  /** The input of a fold: its rows are scored, all others are trained on. */
  public static FoldInput of(TrainingData data, int fold, int topFeatures) {
    return of(data, data.rows(fold, false), data.rows(fold, true), data.labels(), topFeatures);
  }

  /**
   * The input for any division of the rows.
   *
   * @param target label of each row of the data; a canary gives a shuffled one
   */
  static FoldInput of(
      TrainingData data, int[] trainingRows, int[] validationRows, int[] target, int topFeatures) {
    RawTable table = data.table().select(trainingRows);
    int[] labels = Rows.select(target, trainingRows);
    FeaturePipeline pipeline = PipelineFitter.fit(table, labels, topFeatures);
    return new FoldInput(
        pipeline,
        PipelineFitter.trainingInput(pipeline, table, labels),
        pipeline.transform(data.table().select(validationRows)),
        labels,
        validationRows);
  }
}
