package dev.mlhandoff.cli.verify;

import dev.mlhandoff.data.ColumnReferences;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.ml.pipeline.FittedFeature;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The way of each column of the model back to the sources, found again from the fitted pipeline and
 * the SQL of the features.
 */
final class FeatureLineage {

  /** How the features' SQL calls the cleaned tables. */
  private static final Map<String, String> TABLES = Map.of("d", "entities", "e", "events");

  private final ReadCard card;
  private final CardArtifacts artifacts;
  private final Ledger ledger;

  FeatureLineage(ReadCard card, CardArtifacts artifacts, Ledger ledger) {
    this.card = card;
    this.artifacts = artifacts;
    this.ledger = ledger;
  }

  void check() {
    try {
      ModelBundle bundle =
          ModelBundle.read(artifacts.fetch(card.artifact(StageIds.TRAINING, "model-bundle")));
      Map<String, JsonNode> definitions = new HashMap<>();
      for (JsonNode definition :
          artifacts.json(card.artifact(StageIds.FEATURE_ENGINEERING, "feature-set"))) {
        definitions.put(definition.path("name").asString(""), definition);
      }
      Map<String, JsonNode> cleaned = new HashMap<>();
      for (JsonNode column : artifacts.json(card.artifact(StageIds.DATA_PIPELINE, "lineage"))) {
        cleaned.put(column.path("column").asString(""), column);
      }
      try (ColumnReferences references = ColumnReferences.open()) {
        for (FittedFeature feature : bundle.description().pipeline().features()) {
          for (String source : feature.sources()) {
            trace(feature.name(), source, definitions.get(source), cleaned, references);
          }
        }
      }
    } catch (IOException
        | RejectionException
        | BundleException
        | SQLException
        | RuntimeException e) {
      ledger.broken("lineage", e);
    }
  }

  private void trace(
      String served,
      String feature,
      @Nullable JsonNode definition,
      Map<String, JsonNode> cleaned,
      ColumnReferences references)
      throws SQLException {
    String subject = "lineage " + served;
    if (definition == null) {
      ledger.fails(subject, "no feature " + feature + " is defined");
      return;
    }
    SortedSet<String> declared = new TreeSet<>();
    definition.path("sources").forEach(source -> declared.add(source.asString("")));
    boolean imported = declared.stream().anyMatch(source -> source.contains("@"));
    SortedSet<String> used = new TreeSet<>(declared);
    if (!imported) {
      SortedSet<String> read = new TreeSet<>();
      for (String reference : references.of(definition.path("expression").asString(""))) {
        int dot = reference.indexOf('.');
        String table = reference.substring(0, Math.max(0, dot));
        read.add(TABLES.getOrDefault(table, table) + reference.substring(Math.max(0, dot)));
      }
      if (!read.containsAll(declared)) {
        ledger.fails(
            subject, "%s declares %s, its SQL reads %s".formatted(feature, declared, read));
        return;
      }
      used.addAll(read);
    }
    List<String> sources = new ArrayList<>();
    for (String column : used) {
      JsonNode known = cleaned.get(column);
      if (known == null || known.path("sources").isEmpty()) {
        ledger.fails(subject, "no source of " + column + " is known");
        return;
      }
      known
          .path("sources")
          .forEach(
              source ->
                  sources.add(
                      source.path("source").asString("")
                          + ": "
                          + source.path("column").asString("")));
    }
    ledger.holds(
        subject,
        "%s <- %s <- %s".formatted(feature, String.join(", ", used), String.join(", ", sources)));
  }
}
