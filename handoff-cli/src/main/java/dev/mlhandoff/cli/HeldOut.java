package dev.mlhandoff.cli;

import dev.mlhandoff.cli.traffic.Case;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The rows that a model's first run held out of its training, from the run's artifacts. */
final class HeldOut {

  private HeldOut() {}

  /**
   * Reads them; a retrained version is followed back to the run that was requested.
   *
   * @param features those that are asked with
   */
  static List<Case> of(ArtifactOptions artifacts, String model, List<String> features)
      throws IOException, InterruptedException, SQLException, RejectionException {
    String cards = artifacts.cards();
    JsonNode card = Json.tree(Rest.get(cards + "/cards/" + Rest.id(model)));
    JsonNode run = run(cards, card.path("status").path("run_id").asString(""));
    while (run.path("parentRunId").isString()) {
      run = run(cards, run.path("parentRunId").asString(""));
    }
    return cases(
        table(artifacts, artifact(run, StageIds.FEATURE_ENGINEERING, "features")),
        table(artifacts, artifact(run, StageIds.DATA_PIPELINE, "holdout-labels")),
        features);
  }

  private static JsonNode run(String cards, String id) throws IOException, InterruptedException {
    return Json.tree(Rest.get(cards + "/runs/" + Rest.id(id)));
  }

  private static ArtifactRef artifact(JsonNode run, String stageId, String role)
      throws IOException {
    for (JsonNode stage : run.path("stages")) {
      JsonNode ref = stage.path("artifacts").path(role);
      if (stage.path("stage").asString("").equals(stageId) && ref.isObject()) {
        return Json.convert(ref, ArtifactRef.class);
      }
    }
    throw new IOException("the run %s has no %s".formatted(run.path("runId").asString(""), role));
  }

  private static ParquetTable table(ArtifactOptions artifacts, ArtifactRef ref)
      throws IOException, SQLException, RejectionException {
    Path file = Files.createTempFile("held-out", ".parquet");
    try {
      artifacts.store().fetch(ref, file);
      return ParquetTable.read(file);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * @param table every row's features; it has no labels of rows that were held out
   * @param answers the labels of those
   */
  static List<Case> cases(ParquetTable table, ParquetTable answers, List<String> features)
      throws IOException {
    Map<String, Boolean> outcomes = outcomes(answers);
    double[] holdout = table.numbers("holdout");
    @Nullable String[] entities = table.texts("entity_key");
    List<String> numeric =
        table.columns().stream().filter(c -> c.isNumeric()).map(c -> c.name()).toList();
    List<Case> cases = new ArrayList<>();
    for (int row = 0; row < table.rows(); row++) {
      if (holdout[row] != 1) {
        continue;
      }
      Map<String, @Nullable Object> record = new LinkedHashMap<>();
      for (String feature : features) {
        if (numeric.contains(feature)) {
          double value = table.numbers(feature)[row];
          record.put(feature, Double.isNaN(value) ? null : value);
        } else if (table.has(feature)) {
          record.put(feature, table.texts(feature)[row]);
        }
      }
      String entity = String.valueOf(entities[row]);
      Boolean outcome = outcomes.get(entity);
      if (outcome == null) {
        throw new IOException("entity %s was held out, but has no label".formatted(entity));
      }
      cases.add(new Case(entity, record, outcome));
    }
    return cases;
  }

  private static Map<String, Boolean> outcomes(ParquetTable answers) {
    @Nullable String[] entities = answers.texts("entity_key");
    double[] labels = answers.numbers("label");
    Map<String, Boolean> outcomes = new HashMap<>();
    for (int row = 0; row < answers.rows(); row++) {
      outcomes.put(String.valueOf(entities[row]), labels[row] == 1);
    }
    return outcomes;
  }
}
