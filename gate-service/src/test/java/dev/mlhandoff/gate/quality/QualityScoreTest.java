package dev.mlhandoff.gate.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.gate.quality.Judgement.Result;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QualityScoreTest {

  private static final int ROWS = 200;

  /** Five folds of 40 rows, half of them positive. */
  private final int[] fold = IntStream.range(0, ROWS).map(i -> i % 5).toArray();

  private final int[] labels = IntStream.range(0, ROWS).map(i -> (i / 5) % 2).toArray();
  private final double[] perfect = Arrays.stream(labels).mapToDouble(label -> label).toArray();
  private final double[] ignorant = constant(0.5);
  // Each bin is wrong by 0.3 whichever class it holds.
  private final double[] timid =
      Arrays.stream(labels).mapToDouble(y -> y == 1 ? 0.7 : 0.3).toArray();

  @Test
  void givesFullMarksToPerfectEvidence() {
    Judgement judgement = judge(evidence(perfect, perfect, ignorant), 1.0);

    assertThat(judgement.score()).isEqualTo(1.0);
    assertThat(judgement.dimensions())
        .containsOnlyKeys("calibration", "discrimination", "evidence", "stability")
        .allSatisfy((name, value) -> assertThat(value).isEqualTo(1.0));
    assertThat(judgement.result()).isEqualTo(Result.PASSES);
  }

  @Test
  void takesTheWeakestDimensionAsTheScore() {
    Evidence evidence = evidence(perfect, timid, ignorant);

    Judgement judgement = judge(evidence, 0.65);

    assertThat(judgement.dimensions().get("calibration")).isCloseTo(0.7, within(1e-12));
    assertThat(judgement.score()).isCloseTo(0.7, within(1e-12));
    assertThat(judgement.result()).isEqualTo(Result.PASSES);
    assertThat(judge(evidence, 0.75).result()).isEqualTo(Result.MAY_RETRY);
  }

  @Test
  void letsOneBadFoldSinkAModelThatRanksWellOverall() {
    double[] scores = perfect.clone();
    for (int i = 0; i < ROWS; i += 5) {
      scores[i] = 0.5;
    }

    Judgement judgement = judge(evidence(scores, perfect, ignorant), 0.65);

    // Only the 20 * 20 tied pairs of the bad fold, out of 100 * 100, count half.
    assertThat(RocAuc.of(scores, labels)).isCloseTo(0.98, within(1e-12));
    assertThat(judgement.dimensions().get("discrimination")).isBetween(0.9, 0.98);
    assertThat(judgement.dimensions().get("stability")).isEqualTo(0.5);
    assertThat(judgement.score()).isEqualTo(0.5);
    assertThat(judgement.reasons()).anyMatch(reason -> reason.startsWith("stability is 0.5000"));
    assertThat(judgement.result()).isEqualTo(Result.MAY_RETRY);
  }

  @Test
  void holdsADimensionToItsOwnMinimumWhereThatIsHigher() {
    Evidence evidence = evidence(perfect, timid, ignorant);

    assertThat(QualityScore.of(evidence, List.of(), standard(0.65, 0.8, true, 0.99), 42).result())
        .isEqualTo(Result.MAY_RETRY);
    assertThat(QualityScore.of(evidence, List.of(), standard(0.65, 0.8, false, 0.99), 42).result())
        .isEqualTo(Result.FAILS);
  }

  @Test
  void sendsNoModelBackThatIsGoodButNoBetterThanOneColumn() {
    // Tied within both classes, so that no resample is ranked perfectly by neither.
    double[] good = decent();

    Judgement judgement =
        QualityScore.of(evidence(good, good, good), List.of(), standard(0.65, 0, true, 0.999), 42);

    assertThat(judgement.score()).isGreaterThan(0.65);
    assertThat(judgement.result()).isEqualTo(Result.NOT_BETTER_THAN_SINGLE_FEATURE);
  }

  @Test
  void sendsABadModelBackEvenIfOneColumnIsAsBad() {
    assertThat(judge(evidence(ignorant, ignorant, ignorant), 0.65).result())
        .isEqualTo(Result.MAY_RETRY);
  }

  @Test
  void measuresAgainstNoColumnThatIsASuspectedLeak() {
    Judgement judgement = judge(evidence(perfect, perfect, perfect), 0.65);

    assertThat(judgement.result()).isEqualTo(Result.PASSES);
    assertThat(judgement.reasons()).anyMatch(reason -> reason.contains("a suspected leak"));
  }

  @Test
  void endsAtAnyMismatchWhateverTheScores() {
    Judgement judgement =
        QualityScore.of(
            evidence(perfect, perfect, ignorant),
            List.of("the report has no /rows"),
            standard(0, 0, true, 0.99),
            42);

    assertThat(judgement.score()).isZero();
    assertThat(judgement.result()).isEqualTo(Result.MISMATCH);
    assertThat(judgement.reasons()).contains("the report has no /rows");
  }

  @Test
  void letsThePolicyChooseTheRulingMetric() {
    double[] scores = decent();
    Evidence evidence = evidence(scores, scores, ignorant);
    Standard byPrecision =
        new Standard(
            RulingMetric.named("average_precision"), 0.5, standard(0, 0, true, 1).dimensions(), 1);

    Judgement judgement = QualityScore.of(evidence, List.of(), byPrecision, 42);

    assertThat(judgement.dimensions().get("discrimination"))
        .isLessThan(Classification.averagePrecision(scores, labels))
        .isNotEqualTo(judge(evidence, 0.5).dimensions().get("discrimination"));
    assertThat(judgement.reasons()).anyMatch(reason -> reason.contains("average precision 0."));
  }

  @Test
  void judgesTheSameEvidenceTheSameWayTwice() {
    double[] scores = decent();
    Evidence evidence = evidence(scores, scores, ignorant);

    assertThat(judge(evidence, 0.65)).isEqualTo(judge(evidence, 0.65));
    assertThat(judge(evidence, 0.65).dimensions().get("discrimination"))
        .isLessThan(RocAuc.of(scores, labels));
  }

  @Test
  void computesEveryFigureOfTheReportAgain() {
    Map<String, Double> figures = ReportFigures.of(evidence(perfect, timid, ignorant), 0.1);

    assertThat(figures)
        .containsEntry("/rows", 200.0)
        .containsEntry("/folds", 5.0)
        .containsEntry("/precisionAtK", 0.1)
        .containsEntry("/threshold", 0.7)
        .containsEntry("/bestSingleFeatureAuc", 0.5)
        .containsEntry("/leaderboard/chosen/meanAuc", 1.0)
        .containsEntry("/leaderboard/chosen/spread", 0.0)
        .containsEntry("/leaderboard/chosen/foldAuc/4", 1.0)
        .containsEntry("/leaderboard/chosen/metrics/brier", 0.0)
        .containsEntry("/leaderboard/chosen/metrics/f1", 1.0)
        .containsEntry("/leaderboard/other/metrics/auc_roc", 0.5)
        .containsEntry("/leaderboard/other/metrics/average_precision", 0.5)
        .containsEntry("/leaderboard/other/metrics/brier", 0.25);
    assertThat(figures.get("/calibrationError")).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void refusesEachFigureThatIsMissingOrOff() {
    Map<String, Double> found = ReportFigures.of(evidence(perfect, timid, ignorant), 0.1);
    assertThat(ReportFigures.mismatches(found, found)).isEmpty();

    for (String name : found.keySet()) {
      Map<String, Double> without = new TreeMap<>(found);
      without.remove(name);
      Map<String, Double> off = new TreeMap<>(found);
      off.merge(name, 2e-9, Double::sum);
      Map<String, Double> nothing = new TreeMap<>(found);
      nothing.put(name, Double.NaN);
      Map<String, Double> lastDigits = new TreeMap<>(found);
      lastDigits.merge(name, 1e-10, Double::sum);

      assertThat(ReportFigures.mismatches(without, found))
          .singleElement()
          .asString()
          .contains(name);
      assertThat(ReportFigures.mismatches(off, found)).singleElement().asString().contains(name);
      assertThat(ReportFigures.mismatches(nothing, found)).hasSize(1);
      assertThat(ReportFigures.mismatches(lastDigits, found)).isEmpty();
    }
  }

  @Test
  void noticesLabelsThatAreNotThoseTheReportWasMadeFrom() {
    Map<String, Double> claims = ReportFigures.of(evidence(perfect, timid, ignorant), 0.1);
    labels[0] = 1 - labels[0];

    assertThat(
            ReportFigures.mismatches(
                claims, ReportFigures.of(evidence(perfect, timid, ignorant), 0.1)))
        .isNotEmpty();
  }

  private Evidence evidence(double[] scores, double[] calibrated, double[] single) {
    return new Evidence(
        new TreeMap<>(Map.of("chosen", scores, "other", ignorant)),
        "chosen",
        calibrated,
        single,
        labels,
        fold);
  }

  /** Scores that rank well, but not perfectly. */
  private double[] decent() {
    return IntStream.range(0, ROWS)
        .mapToDouble(i -> (labels[i] * 20 + i * 7 % 31) / 60.0)
        .toArray();
  }

  private static Judgement judge(Evidence evidence, double threshold) {
    return QualityScore.of(evidence, List.of(), standard(threshold, 0, true, 0.99), 42);
  }

  private static Standard standard(
      double threshold, double calibration, boolean retry, double suspicion) {
    return new Standard(
        RulingMetric.AUC_ROC,
        threshold,
        new TreeMap<>(
            Map.of(
                "discrimination", new Standard.Dimension(0, true),
                "calibration", new Standard.Dimension(calibration, retry),
                "stability", new Standard.Dimension(0, true),
                "evidence", new Standard.Dimension(1, false))),
        suspicion);
  }

  private static double[] constant(double value) {
    double[] values = new double[ROWS];
    Arrays.fill(values, value);
    return values;
  }
}
