package dev.mlhandoff.mos.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.mos.monitoring.PredictionRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainDatasetTest {

  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final int ORIGINAL = 200;
  private static final int FOLDS = 4;
  private static final FeedbackPolicy POLICY = new FeedbackPolicy(0.5, 1000, 10, 3);

  @TempDir Path folder;
  private final List<PredictionRecord> predictions = new ArrayList<>();

  /** Even keys have the outcome; every fifth original entity is held out. */
  private final Map<String, ParquetTable> tables = new HashMap<>();

  @Test
  void theEntitiesPredictedLastAreHeldOutOnceEachAndTheirOtherRowsGone() throws Exception {
    for (int i = 0; i < 40; i++) {
      predict(i, "e" + i, i * 10.0, i % 2 == 0);
    }
    // An earlier prediction of an entity that is held out, and one of an entity that trains.
    predict(-2, "e39", 1, false);
    predict(-1, "e1", 2, true);

    RetrainFigures figures = assemble(POLICY);

    ParquetTable features = table("features");
    List<String> held = rows(features, 1);
    assertThat(held).hasSize(20).contains("prediction/p39", "prediction/p20");
    assertThat(rows(features, 0))
        .contains("prediction/p19", "prediction/p-1", "e1", "e19", "e101")
        .doesNotContain("prediction/p-2", "e39", "e21", "e5", "e100");
    assertThat(figures.holdoutRows()).isEqualTo(20);
    assertThat(figures.feedbackRows()).isEqualTo(21);
    assertThat(figures.feedbackRowsLeftOut()).isEqualTo(1);
    assertThat(figures.originalRows() + figures.originalRowsLeftOut()).isEqualTo(160);
    // Of e20 to e39 four were in the original hold-out.
    assertThat(figures.originalRowsLeftOut()).isEqualTo(16);
    assertThat(figures.laterThanParent()).isEqualTo(40);
    assertThat(table("holdout_labels").rows()).isEqualTo(20);
    assertThat(table("feedback_rows").rows()).isEqualTo(41);
    assertThat(table("dataset").rows()).isEqualTo(features.rows());
    assertThat(table("audit_attributes").rows()).isEqualTo(features.rows());
  }

  @Test
  void noEntityStandsInTwoFoldsOrInTrainingAndHoldOut() throws Exception {
    for (int i = 0; i < 300; i++) {
      predict(i, "e" + (i * 7 % 120), i, i % 3 == 0);
    }
    assemble(POLICY);

    ParquetTable features = table("features");
    ParquetTable sources = table("feedback_rows");
    Map<String, String> entityOf = new HashMap<>();
    for (int i = 0; i < sources.rows(); i++) {
      entityOf.put(
          String.valueOf(sources.texts("entity_key")[i]),
          String.valueOf(sources.texts("entity_key_hash")[i]));
    }
    Map<String, Double> placeOf = new HashMap<>();
    for (int i = 0; i < features.rows(); i++) {
      String key = String.valueOf(features.texts("entity_key")[i]);
      String entity = entityOf.containsKey(key) ? entityOf.get(key) : hash(key);
      double place = features.numbers("holdout")[i] == 1 ? -1 : features.numbers("fold")[i];
      Double before = placeOf.put(String.valueOf(entity), place);
      assertThat(before == null || before == place).as(key).isTrue();
    }
    assertThat(features.numbers("fold")).contains(0, 1, 2, 3);
  }

  @Test
  void hidesTheLabelsOfTheHoldOutAndKeepsWhatWasLogged() throws Exception {
    for (int i = 0; i < 40; i++) {
      predict(i, "e" + i, i + 0.5, i % 2 == 0);
    }
    assemble(POLICY);

    ParquetTable features = table("features");
    int row = Arrays.asList(features.texts("entity_key")).indexOf("prediction/p39");
    assertThat(features.numbers("label")[row]).isNaN();
    assertThat(features.numbers("x")[row]).isEqualTo(39.5);
    assertThat(features.texts("plan")[row]).isEqualTo("plus");
    ParquetTable attributes = table("audit_attributes");
    int same = Arrays.asList(attributes.texts("entity_key")).indexOf("prediction/p39");
    assertThat(attributes.texts("gender")[same]).isEqualTo("g39");
  }

  @Test
  void aColumnThatWasNotLoggedIsNoCandidateUnlessTheServedModelReadsIt() throws Exception {
    for (int i = 0; i < 40; i++) {
      predict(i, "e" + i, i, i % 2 == 0);
    }
    RetrainDataset dataset = null;
    try (DuckDb database = DuckDb.open(folder)) {
      dataset = dataset(database, POLICY);
      assemble(database, dataset, Set.of("x"));
      assertThat(dataset.candidates()).containsExactly("x", "plan");
      assertThat(dataset.leftOut()).containsExactly("unlogged");
    }
    try (DuckDb database = DuckDb.open(folder)) {
      dataset = dataset(database, POLICY);
      assemble(database, dataset, Set.of("unlogged"));
      assertThat(dataset.leftOut()).isEmpty();
    }
  }

  @Test
  void aRepeatedPredictionCountsOnceAndOneWithoutAnEntityStandsForItself() throws Exception {
    for (int i = 0; i < 40; i++) {
      predict(i, "e" + (i % 30), i % 30, i % 2 == 0);
    }
    predict(40, null, 1, true);
    predict(41, null, 1, true);

    RetrainFigures figures = assemble(POLICY);

    assertThat(figures.repeatedRows()).isEqualTo(10);
    assertThat(figures.unknownEntities()).isEqualTo(2);
    assertThat(figures.holdoutRows() + figures.feedbackRows()).isEqualTo(32);
  }

  @Test
  void equalInputGivesEqualBytes() throws Exception {
    for (int i = 0; i < 60; i++) {
      predict(i, "e" + i, i, i % 2 == 0);
    }
    assemble(POLICY);
    byte[] first = Files.readAllBytes(folder.resolve("features.parquet"));
    assemble(POLICY);

    assertThat(Files.readAllBytes(folder.resolve("features.parquet"))).isEqualTo(first);
  }

  @Test
  void waitsWhereTheHoldOutWouldBeTooSmallOrOfOneOutcomeOnly() {
    for (int i = 0; i < 15; i++) {
      predict(i, "e" + i, i, i % 2 == 0);
    }
    assertThatThrownBy(() -> assemble(POLICY))
        .isInstanceOf(NotEnoughLabelsException.class)
        .hasMessage("15 entities have outcomes, which gives a hold-out of 7; 10 are needed");
    for (int i = 15; i < 60; i++) {
      predict(i, "e" + i, i, true);
    }
    assertThatThrownBy(() -> assemble(POLICY))
        .isInstanceOf(NotEnoughLabelsException.class)
        .hasMessageContaining("each of the two needs 3");
  }

  private void predict(int number, @Nullable String entity, double x, boolean outcome) {
    Map<String, @Nullable Object> features = new HashMap<>();
    features.put("x", x);
    features.put("plan", "plus");
    predictions.add(
        new PredictionRecord(
            number + 100,
            "p" + number,
            "churn",
            "1.0.0",
            "production",
            entity == null ? null : hash(entity),
            features,
            0.5,
            true,
            1.0,
            null,
            false,
            SINCE.plusSeconds(number).plusMillis(1),
            outcome,
            SINCE.plusSeconds(number + 1000L),
            1L));
  }

  private RetrainFigures assemble(FeedbackPolicy policy) throws Exception {
    try (DuckDb database = DuckDb.open(folder)) {
      RetrainFigures figures =
          assemble(database, dataset(database, policy), Set.of("x", "unlogged"));
      for (String table :
          List.of("features", "dataset", "holdout_labels", "feedback_rows", "audit_attributes")) {
        Path file = folder.resolve(table + ".parquet");
        database.writeParquet("SELECT * FROM " + table, file);
        tables.put(table, ParquetTable.read(file));
      }
      return figures;
    }
  }

  private static RetrainDataset dataset(DuckDb database, FeedbackPolicy policy) {
    return new RetrainDataset(database, policy, 42, FOLDS);
  }

  private RetrainFigures assemble(DuckDb database, RetrainDataset dataset, Set<String> served)
      throws SQLException, NotEnoughLabelsException {
    String rows =
        "SELECT 'e' || i AS entity_key, %s CASE WHEN i %% 5 > 0 THEN CAST(i %% 2 AS INTEGER) END AS label, i %% 5 = 0 AS holdout, CASE WHEN i %% 5 > 0 THEN CAST(i // 5 %% 4 AS INTEGER) END AS fold %s FROM range("
            + ORIGINAL
            + ") t(i) ORDER BY entity_key";
    Path features = folder.resolve("original-features.parquet");
    Path cleaned = folder.resolve("original-dataset.parquet");
    Path attributes = folder.resolve("original-attributes.parquet");
    database.writeParquet(
        rows.formatted("", ", i::DOUBLE AS x, 'basic' AS plan, 1.0::DOUBLE AS unlogged"), features);
    database.writeParquet(rows.formatted("i AS raw,", ""), cleaned);
    database.writeParquet(
        "SELECT 'e' || i AS entity_key, 'g' || i AS gender FROM range(" + ORIGINAL + ") t(i)",
        attributes);
    List<List<PredictionRecord>> pages = new ArrayList<>(List.of(List.copyOf(predictions)));
    return dataset.assemble(
        features,
        cleaned,
        attributes,
        () -> pages.isEmpty() ? List.of() : pages.remove(0),
        served,
        SINCE);
  }

  private ParquetTable table(String name) {
    return java.util.Objects.requireNonNull(tables.get(name));
  }

  private static List<String> rows(ParquetTable table, int holdout) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < table.rows(); i++) {
      if (table.numbers("holdout")[i] == holdout) {
        keys.add(String.valueOf(table.texts("entity_key")[i]));
      }
    }
    return keys;
  }

  private static String hash(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 16);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
