package dev.mlhandoff.gate;

import dev.mlhandoff.data.ColumnInfo;
import dev.mlhandoff.data.ParquetTable;
import dev.mlhandoff.gate.governance.DataQuality;
import dev.mlhandoff.gate.governance.GovernancePolicy;
import dev.mlhandoff.gate.governance.Groups;
import dev.mlhandoff.gate.governance.Lineage;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What data pipeline and feature architect left of the data: its description, the results of its
 * checks, where columns come from, and the protected attributes.
 */
final class DatasetEvidence {

  private final ArtifactReader artifacts;
  private final JsonNode description;

  private DatasetEvidence(ArtifactReader artifacts, JsonNode description) {
    this.artifacts = artifacts;
    this.description = description;
  }

  static DatasetEvidence read(ArtifactReader artifacts)
      throws IOException, EvidenceMismatchException {
    return new DatasetEvidence(
        artifacts, artifacts.json(StageIds.DATA_PIPELINE, "dataset-description"));
  }

  /** Source columns that hold personal data. */
  List<String> personalData() {
    return texts(description.path("personalData"));
  }

  /** The label that is good for whom it is about; null if the catalog names none. */
  @Nullable Integer favourableDecision() {
    JsonNode favourable = description.path("favourableDecision");
    return favourable.isNumber() ? (Integer) favourable.asInt() : null;
  }

  /** The way of each served feature back to source columns. */
  Lineage lineage(ModelBundle bundle) throws IOException, EvidenceMismatchException {
    SortedMap<String, List<String>> served = new TreeMap<>();
    for (FittedFeature feature : bundle.description().pipeline().features()) {
      served.put(feature.name(), feature.sources());
    }
    Map<String, List<String>> candidates = new HashMap<>();
    for (JsonNode definition : artifacts.json(StageIds.FEATURE_ENGINEERING, "feature-set")) {
      candidates.put(definition.path("name").asString(""), texts(definition.path("sources")));
    }
    Map<String, List<String>> cleaned = new HashMap<>();
    for (JsonNode column : artifacts.json(StageIds.DATA_PIPELINE, "lineage")) {
      List<String> sources = new ArrayList<>();
      column.path("sources").forEach(source -> sources.add(source.path("column").asString("")));
      cleaned.put(column.path("column").asString(""), sources);
    }
    return new Lineage(served, candidates, cleaned);
  }

  List<DataQuality.Check> checks() throws IOException, EvidenceMismatchException {
    List<DataQuality.Check> checks = new ArrayList<>();
    for (JsonNode check : artifacts.json(StageIds.DATA_PIPELINE, "data-quality")) {
      checks.add(
          new DataQuality.Check(
              check.path("check").asString(""),
              !check.path("severity").asString("").equals("WARN"),
              check.path("passed").asBoolean(false),
              check.path("observed").asString("")));
    }
    return checks;
  }

  /** The training rows in each group, by protected attribute and group. */
  SortedMap<String, SortedMap<String, int[]>> groups(
      TrainingRows rows, GovernancePolicy.FairnessRule rule)
      throws IOException, EvidenceMismatchException {
    SortedMap<String, SortedMap<String, int[]>> members = new TreeMap<>();
    if (description.path("protectedAttributes").isEmpty()) {
      return members;
    }
    ParquetTable attributes = artifacts.table(StageIds.DATA_PIPELINE, "audit-attributes");
    int[] positions = rows.positionsIn(attributes.texts("entity_key"));
    for (ColumnInfo column : attributes.columns()) {
      if (column.name().equals("entity_key")) {
        continue;
      }
      if (column.isNumeric()) {
        double[] values = attributes.numbers(column.name());
        members.put(
            column.name(),
            Groups.of(IntStream.of(positions).mapToDouble(p -> values[p]).toArray(), rule.bands()));
      } else {
        @Nullable String[] values = attributes.texts(column.name());
        @Nullable String[] own = new @Nullable String[positions.length];
        for (int i = 0; i < own.length; i++) {
          own[i] = values[positions[i]];
        }
        members.put(column.name(), Groups.of(own));
      }
    }
    return members;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString("")));
    return texts;
  }
}
