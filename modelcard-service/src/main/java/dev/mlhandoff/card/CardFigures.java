package dev.mlhandoff.card;

import dev.mlhandoff.card.figures.CalibrationBin;
import dev.mlhandoff.card.figures.ChartData;
import dev.mlhandoff.card.figures.ChartData.Series;
import dev.mlhandoff.card.figures.ChartData.Style;
import dev.mlhandoff.card.figures.CurveBands;
import dev.mlhandoff.card.figures.Judgements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The charts of a card, drawn from out-of-fold predictions and the experiment report. */
final class CardFigures {

  private static final int CALIBRATION_BINS = 10;
  private static final int HISTOGRAM_BINS = 25;
  private static final int REPLICATES = 200;
  private static final long SEED = 42;

  private CardFigures() {}

  /**
   * The charts of these calibrated out-of-fold predictions; {@code threshold} is where the model
   * decides.
   */
  static Charts of(Judgements judgements, double threshold) {
    CurveBands bands = judgements.bands(REPLICATES, SEED);
    double prevalence = judgements.prevalence();
    double best =
        bands.lift().stream().mapToDouble(b -> Math.max(b.value(), b.upper())).max().orElse(1);
    List<Figure> figures =
        List.of(
            new Figure(
                ChartData.of(
                    "ROC curve",
                    "false positive rate",
                    "true positive rate",
                    1,
                    bands.roc(),
                    x -> x),
                "How many positives are found for how many false alarms. The dashed line is chance; the"
                    + " band is the pointwise 95 % interval of 200 bootstrap samples."),
            new Figure(
                ChartData.of(
                    "Precision and recall",
                    "recall",
                    "precision",
                    1,
                    bands.precisionRecall(),
                    x -> prevalence),
                "How many of the chosen are positive, the more of the positives are found. The dashed"
                    + " line is choosing at random."),
            calibration(judgements.calibration(CALIBRATION_BINS)),
            distribution(judgements, threshold),
            new Figure(
                ChartData.of(
                    "Lift",
                    "share of the rows, best first",
                    "lift",
                    Math.ceil(best * 1.05 * 2) / 2,
                    bands.lift(),
                    x -> 1),
                "How many times denser the positives are among the rows with the highest scores than"
                    + " among all."));
    return new Charts(figures, Confusion.of(judgements.confusion(threshold)));
  }

  private static Figure calibration(List<CalibrationBin> bins) {
    List<Double> x = bins.stream().map(CalibrationBin::meanScore).toList();
    List<Series> series =
        List.of(
            new Series(
                "share of positives",
                Style.POINTS,
                bins.stream().map(b -> number(b.share())).toList()),
            new Series(
                "lower 95 %", Style.LOWER, bins.stream().map(b -> number(b.lower())).toList()),
            new Series(
                "upper 95 %", Style.UPPER, bins.stream().map(b -> number(b.upper())).toList()),
            new Series("perfect", Style.REFERENCE, x.stream().map(v -> number(v)).toList()));
    return new Figure(
        new ChartData(
            "Calibration",
            "mean predicted probability",
            "share of positives",
            1,
            1,
            x,
            series,
            null),
        "Ten bins with as many rows each, with Wilson intervals. On the dashed line a probability"
            + " means what it says.");
  }

  private static Figure distribution(Judgements judgements, double threshold) {
    double[] positives = judgements.histogram(1, HISTOGRAM_BINS);
    double[] negatives = judgements.histogram(0, HISTOGRAM_BINS);
    List<Double> x = new ArrayList<>();
    for (int i = 0; i <= HISTOGRAM_BINS; i++) {
      x.add((double) i / HISTOGRAM_BINS);
    }
    double highest =
        DoubleStream.concat(Arrays.stream(positives), Arrays.stream(negatives)).max().orElse(1);
    return new Figure(
        new ChartData(
            "Distribution of the score",
            "probability",
            "share of the class",
            1,
            Math.ceil(highest * 21) / 20,
            x,
            List.of(
                new Series("positives", Style.STEPS, closed(positives)),
                new Series("negatives", Style.STEPS_SECOND, closed(negatives))),
            threshold),
        "How the scores of the two classes spread. The vertical line is the decision threshold, "
            + Format.number(threshold)
            + ".");
  }

  /** The mean AUC-ROC by number of training rows, if the report has it. */
  static @Nullable Figure learning(JsonNode report) {
    List<Double> x = new ArrayList<>();
    List<@Nullable Double> mean = new ArrayList<>();
    List<@Nullable Double> lower = new ArrayList<>();
    List<@Nullable Double> upper = new ArrayList<>();
    for (JsonNode step : report.path("learningCurve")) {
      double value = step.path("meanAuc").asDouble();
      double spread = step.path("spread").asDouble();
      x.add(step.path("rows").asDouble());
      mean.add(value);
      lower.add(value - spread);
      upper.add(Math.min(1, value + spread));
    }
    if (x.size() < 2) {
      return null;
    }
    return new Figure(
        new ChartData(
            "Learning curve",
            "training rows",
            "mean AUC-ROC",
            x.get(x.size() - 1),
            1,
            x,
            List.of(
                new Series("mean AUC-ROC", Style.POINTS, mean),
                new Series("less a deviation", Style.LOWER, lower),
                new Series("and a deviation", Style.UPPER, upper)),
            null),
        "Whether more data would help. The band is one standard deviation over the folds.");
  }

  private static List<@Nullable Double> closed(double[] bins) {
    List<@Nullable Double> values = new ArrayList<>();
    Arrays.stream(bins).forEach(values::add);
    // The last step is drawn up to the end of its bin.
    values.add(bins[bins.length - 1]);
    return values;
  }

  private static @Nullable Double number(double value) {
    return value;
  }
}
