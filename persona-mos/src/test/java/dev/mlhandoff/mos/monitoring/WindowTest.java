package dev.mlhandoff.mos.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.mlhandoff.ml.drift.ColumnTest;
import dev.mlhandoff.ml.drift.Histogram;
import dev.mlhandoff.ml.table.RawColumn;
import dev.mlhandoff.mos.monitoring.Finding.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final double RATE = 0.01;
  private static final List<RawColumn> COLUMNS =
      List.of(
          new RawColumn("x", dev.mlhandoff.ml.table.Kind.NUMERIC),
          new RawColumn("c", dev.mlhandoff.ml.table.Kind.CATEGORICAL));

  @Test
  void anEntityCountsOnceWithItsLatestPrediction() {
    Window window =
        new Window(
            List.of(
                World.prediction(1, "a", Map.of("x", 1), 0.1, true),
                World.prediction(2, "b", Map.of("x", 2, "c", "red"), 0.2, false),
                World.prediction(3, "a", Map.of("x", 3), 0.3, false),
                World.prediction(4, null, Map.of("x", "no number"), 0.4, true),
                World.prediction(5, null, Map.of(), 0.5, true)));

    assertThat(window.rows()).isEqualTo(4);
    assertThat(window.probabilities()).containsExactly(0.3, 0.2, 0.4, 0.5);
    assertThat(window.outcomes()).containsExactly(0, 0, 1, 1);
    assertThat(window.table(COLUMNS).numbers("x")).containsExactly(3, 2, Double.NaN, Double.NaN);
    assertThat(window.table(COLUMNS).categories("c")).containsExactly(null, "red", null, null);
  }

  @Test
  void findsWhatChangedAndOfWhichKindItIs() {
    World world = new World(11);
    Reference reference = world.reference(4000);
    List<PredictionRecord> rows = new ArrayList<>();
    for (PredictionRecord row : world.drawShifted(1000, 0.5)) {
      Map<String, @Nullable Object> features = new HashMap<>(row.features());
      if (row.arrived() % 3 == 0) {
        features.put("skewed", null);
      }
      if (row.arrived() % 20 == 0) {
        features.put("segment", "never seen");
        features.put("constant", 2);
      }
      rows.add(World.prediction(row.arrived(), null, features, row.probability(), true));
    }

    WindowReport report = reference.compare(new Window(rows), RATE);

    assertThat(report.findings())
        .extracting(Finding::kind, Finding::subject)
        .containsExactlyInAnyOrder(
            tuple(Kind.DRIFT, "main"),
            tuple(Kind.DRIFT, Reference.SCORE),
            tuple(Kind.DATA_QUALITY, "skewed"),
            tuple(Kind.DATA_QUALITY, "segment"),
            tuple(Kind.DATA_QUALITY, "constant"));
    Histogram segment = Objects.requireNonNull(report.histograms().get("segment"));
    assertThat(segment.bins()).containsExactly("abcd", "bcd", "cd", "d");
    assertThat(segment.unseen()).isEqualTo(50);
    assertThat(segment.window().stream().mapToLong(Long::longValue).sum()).isEqualTo(950);
    Histogram skewed = Objects.requireNonNull(report.histograms().get("skewed"));
    assertThat(skewed.window().stream().mapToLong(Long::longValue).sum() + skewed.missing())
        .isEqualTo(1000);
    assertThat(skewed.reference()).hasSize(10);
  }

  @Test
  void onlyWhatTheWindowBeforeFoundAsWellIsConfirmed() {
    assertThat(report("a", "b").confirmed(report("b", "c")))
        .extracting(Finding::subject)
        .containsExactly("b");
    assertThat(report("a").confirmed(report())).isEmpty();
  }

  @Test
  void worseIsFoundAndBetterIsNot() {
    World world = new World(13);
    List<PredictionRecord> heldOut = world.draw(2000);
    QualityReference reference =
        new QualityReference(World.probabilities(heldOut), World.outcomes(heldOut));

    assertThat(reference.compare(outcomes(world, "opposite"), RATE).findings())
        .extracting(Finding::kind, Finding::subject)
        .containsExactly(tuple(Kind.QUALITY, QualityReference.QUALITY));
    assertThat(reference.compare(outcomes(world, "perfect"), RATE).findings()).isEmpty();
    assertThat(reference.compare(new Window(world.draw(20)), RATE).tests())
        .as("so few outcomes say nothing")
        .isEmpty();
    WindowReport same = reference.compare(new Window(world.draw(1000)), RATE);
    assertThat(same.findings()).isEmpty();
    assertThat(same.statistics().get("auc"))
        .isBetween(same.statistics().get("aucLower"), same.statistics().get("aucUpper"));
  }

  private static Window outcomes(World world, String how) {
    return new Window(
        world.draw(1000).stream()
            .map(
                p ->
                    World.prediction(
                        p.arrived(),
                        null,
                        p.features(),
                        p.probability(),
                        how.equals("perfect") == p.probability() > 0.5))
            .toList());
  }

  private static WindowReport report(String... subjects) {
    List<ColumnTest> tests = new ArrayList<>();
    for (String subject : subjects) {
      tests.add(new ColumnTest(subject, "psi", 1, 0));
    }
    return WindowReport.decide(10, tests, RATE, new TreeMap<>(), new TreeMap<>());
  }
}
