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
    Path file = Files.createTempFile("features", ".parquet");
    try {
      artifacts.store().fetch(features(run), file);
      return cases(ParquetTable.read(file), features);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static JsonNode run(String cards, String id) throws IOException, InterruptedException {
    return Json.tree(Rest.get(cards + "/runs/" + Rest.id(id)));
  }

  private static ArtifactRef features(JsonNode run) throws IOException {
    for (JsonNode stage : run.path("stages")) {
      JsonNode ref = stage.path("artifacts").path("features");
      if (stage.path("stage").asString("").equals(StageIds.FEATURE_ENGINEERING) && ref.isObject()) {
        return Json.convert(ref, ArtifactRef.class);
      }
    }
    throw new IOException("the run " + run.path("runId").asString("") + " has no features");
  }

  private static List<Case> cases(ParquetTable table, List<String> features) {
    double[] holdout = table.numbers("holdout");
    double[] labels = table.numbers("label");
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
      cases.add(new Case(String.valueOf(entities[row]), record, labels[row] == 1));
    }
    return cases;
  }
}
