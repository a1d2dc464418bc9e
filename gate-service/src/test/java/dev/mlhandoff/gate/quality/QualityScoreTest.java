package dev.mlhandoff.gate.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlhandoff.gate.quality.Evidence.Claims;
import dev.mlhandoff.ml.metrics.Classification;
import dev.mlhandoff.ml.metrics.RocAuc;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QualityScoreTest {

  private static final int ROWS = 200;
  private static final double THRESHOLD = 0.65;
  private static final List<Double> PERFECT_FOLDS = List.of(1.0, 1.0, 1.0, 1.0, 1.0);

  /** Five folds of 40 rows, half of them positive. */
  private final int[] fold = IntStream.range(0, ROWS).map(i -> i % 5).toArray();

  private final int[] labels = IntStream.range(0, ROWS).map(i -> (i / 5) % 2).toArray();
  private final double[] perfect = Arrays.stream(labels).mapToDouble(label -> label).toArray();
  private final double[] ignorant = constant(0.5);

  @Test
  void givesFullMarksToPerfectEvidence() {
    Evidence evidence = new Evidence(perfect, perfect, ignorant, labels, fold);

    Judgement judgement = judge(evidence, truth(evidence, PERFECT_FOLDS));

    assertThat(judgement.score()).isEqualTo(1.0);
    assertThat(judgement.dimensions())
        .containsOnlyKeys("calibration", "discrimination", "evidence", "stability")
        .allSatisfy((name, value) -> assertThat(value).isEqualTo(1.0));
    assertThat(judgement.passes(1.0)).isTrue();
  }

  @Test
  void takesTheWeakestDimensionAsTheScore() {
    // Each bin is wrong by 0.3 whichever class it holds.
    double[] timid = Arrays.stream(labels).mapToDouble(y -> y == 1 ? 0.7 : 0.3).toArray();
    Evidence evidence = new Evidence(perfect, timid, ignorant, labels, fold);

    Judgement judgement = judge(evidence, truth(evidence, PERFECT_FOLDS));

    assertThat(judgement.dimensions().get("calibration")).isCloseTo(0.7, within(1e-12));
    assertThat(judgement.score()).isCloseTo(0.7, within(1e-12));
    assertThat(judgement.passes(THRESHOLD)).isTrue();
    assertThat(judgement.passes(0.75)).isFalse();
  }

  @Test
  void letsOneBadFoldSinkAModelThatRanksWellOverall() {
    double[] scores = perfect.clone();
    for (int i = 0; i < ROWS; i += 5) {
      scores[i] = 0.5;
    }
    Evidence evidence = new Evidence(scores, perfect, ignorant, labels, fold);

    Judgement judgement = judge(evidence, truth(evidence, List.of(0.5, 1.0, 1.0, 1.0, 1.0)));

    // Only the 20 * 20 tied pairs of the bad fold, out of 100 * 100, count half.
    assertThat(RocAuc.of(scores, labels)).isCloseTo(0.98, within(1e-12));
    assertThat(judgement.dimensions().get("discrimination")).isBetween(0.9, 0.98);
    assertThat(judgement.dimensions().get("stability")).isEqualTo(0.5);
    assertThat(judgement.score()).isEqualTo(0.5);
    assertThat(judgement.reasons()).anyMatch(reason -> reason.startsWith("stability is 0.5000"));
    assertThat(judgement.passes(THRESHOLD)).isFalse();
  }

  @Test
  void doesNotPassAModelThatRanksNoBetterThanItsBestSingleFeature() {
    Evidence evidence = new Evidence(perfect, perfect, perfect, labels, fold);

    Judgement judgement = judge(evidence, truth(evidence, PERFECT_FOLDS));

    assertThat(judgement.score()).isEqualTo(1.0);
    assertThat(judgement.beatsSingleFeature()).isFalse();
    assertThat(judgement.passes(THRESHOLD)).isFalse();
  }

  @Test
  void refusesEachClaimThatTheArtifactsDoNotBear() {
    Evidence evidence = new Evidence(perfect, perfect, ignorant, labels, fold);
    Claims truth = truth(evidence, PERFECT_FOLDS);
    double off = 2e-9;
    List<Claims> lies =
        List.of(
            new Claims(PERFECT_FOLDS, truth.auc() - off, 1, 0, 0, 0.5),
            new Claims(PERFECT_FOLDS, 1, truth.averagePrecision() - off, 0, 0, 0.5),
            new Claims(PERFECT_FOLDS, 1, 1, truth.brier() + off, 0, 0.5),
            new Claims(PERFECT_FOLDS, 1, 1, 0, truth.calibrationError() + off, 0.5),
            new Claims(PERFECT_FOLDS, 1, 1, 0, 0, truth.singleFeatureAuc() - off),
            new Claims(List.of(1.0, 1.0, 1.0, 1.0, 1.0 - off), 1, 1, 0, 0, 0.5),
            new Claims(List.of(1.0, 1.0, 1.0, 1.0), 1, 1, 0, 0, 0.5),
            new Claims(PERFECT_FOLDS, Double.NaN, 1, 0, 0, 0.5));

    assertThat(truth).isEqualTo(new Claims(PERFECT_FOLDS, 1, 1, 0, 0, 0.5));
    assertThat(lies)
        .allSatisfy(
            lie -> {
              Judgement judgement = judge(evidence, lie);
              assertThat(judgement.mismatches()).hasSize(1);
              assertThat(judgement.score()).isZero();
              assertThat(judgement.passes(0)).isFalse();
            });
  }

  @Test
  void forgivesTheLastDigitsOfAClaim() {
    Evidence evidence = new Evidence(perfect, perfect, ignorant, labels, fold);

    assertThat(judge(evidence, new Claims(PERFECT_FOLDS, 1 - 1e-10, 1, 1e-10, 0, 0.5)).mismatches())
        .isEmpty();
  }

  @Test
  void noticesLabelsThatAreNotThoseTheReportWasMadeFrom() {
    Claims claims = truth(new Evidence(perfect, perfect, ignorant, labels, fold), PERFECT_FOLDS);
    int[] others = labels.clone();
    others[0] = 1 - others[0];

    Judgement judgement = judge(new Evidence(perfect, perfect, ignorant, others, fold), claims);

    assertThat(judgement.mismatches()).isNotEmpty();
    assertThat(judgement.passes(0)).isFalse();
  }

  @Test
  void judgesTheSameEvidenceTheSameWayTwice() {
    double[] scores =
        IntStream.range(0, ROWS).mapToDouble(i -> (labels[i] * 20 + i * 7 % 31) / 60.0).toArray();
    Evidence evidence = new Evidence(scores, scores, ignorant, labels, fold);
    Claims claims = truth(evidence, PERFECT_FOLDS);

    assertThat(judge(evidence, claims)).isEqualTo(judge(evidence, claims));
    assertThat(judge(evidence, claims).dimensions().get("discrimination"))
        .isLessThan(RocAuc.of(scores, labels));
  }

  private static Judgement judge(Evidence evidence, Claims claims) {
    return QualityScore.of(evidence, claims, THRESHOLD, 42);
  }

  private static Claims truth(Evidence evidence, List<Double> foldAuc) {
    int[] labels = evidence.labels();
    return new Claims(
        foldAuc,
        RocAuc.of(evidence.scores(), labels),
        Classification.averagePrecision(evidence.scores(), labels),
        Classification.brier(evidence.scores(), labels),
        Classification.calibrationError(evidence.calibrated(), labels, 10),
        RocAuc.of(evidence.singleFeature(), labels));
  }

  private static double[] constant(double value) {
    double[] values = new double[ROWS];
    Arrays.fill(values, value);
    return values;
  }
}
