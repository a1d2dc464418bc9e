package dev.mlhandoff.card;

import dev.mlhandoff.card.figures.Judgements;
import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.TemporaryFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads the artifacts behind what is shown, each checked by its digest. What cannot be read is
 * missing, and the page goes without it. What was read is kept for a while: a digest never changes
 * its content.
 */
final class EvidenceReader {

  private static final Logger log = LoggerFactory.getLogger(EvidenceReader.class);
  private static final int KEPT = 64;
  private static final long LARGEST_JSON = 8L << 20;

  private final ArtifactStore artifacts;
  private final Map<String, Object> kept =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Object> eldest) {
          return size() > KEPT;
        }
      };

  EvidenceReader(ArtifactStore artifacts) {
    this.artifacts = artifacts;
  }

  private interface Source<T> {
    T read() throws IOException, RejectionException, SQLException;
  }

  /** An artifact's JSON, or a missing node. */
  JsonNode json(@Nullable ArtifactRef ref) {
    if (ref == null || ref.bytes() > LARGEST_JSON) {
      return MissingNode.getInstance();
    }
    return once(ref.sha256(), JsonNode.class, () -> Json.tree(artifacts.read(ref)))
        .orElse(MissingNode.getInstance());
  }

  /** An artifact's text. */
  Optional<String> text(@Nullable ArtifactRef ref) {
    if (ref == null || ref.bytes() > LARGEST_JSON) {
      return Optional.empty();
    }
    return once(
        "text " + ref.sha256(),
        String.class,
        () -> new String(artifacts.read(ref), StandardCharsets.UTF_8));
  }

  /** The charts over the out-of-fold predictions of a dataset; none if they cannot be read. */
  Charts charts(
      @Nullable ArtifactRef predictions, @Nullable ArtifactRef dataset, double threshold) {
    if (predictions == null || dataset == null) {
      return Charts.NONE;
    }
    return once(
            predictions.sha256() + dataset.sha256() + threshold,
            Charts.class,
            () -> CardFigures.of(predictions(predictions, dataset), threshold))
        .orElse(Charts.NONE);
  }

  private <T> Optional<T> once(String key, Class<T> type, Source<T> source) {
    synchronized (kept) {
      Object known = kept.get(key);
      if (known != null) {
        return Optional.of(type.cast(known));
      }
    }
    try {
      T read = source.read();
      synchronized (kept) {
        kept.put(key, read);
      }
      return Optional.of(read);
    } catch (IOException | RejectionException | SQLException | RuntimeException e) {
      log.warn("evidence is left out of a page", e);
      return Optional.empty();
    }
  }

  private Judgements predictions(ArtifactRef predictions, ArtifactRef dataset)
      throws IOException, RejectionException, SQLException {
    try (TemporaryFolder folder = TemporaryFolder.create("card");
        DuckDb database = DuckDb.open(folder.path())) {
      Path scored = folder.resolve("predictions.parquet");
      Path labelled = folder.resolve("dataset.parquet");
      artifacts.fetch(predictions, scored);
      artifacts.fetch(dataset, labelled);
      List<double[]> rows = new ArrayList<>();
      try (Statement statement = database.connection().createStatement();
          ResultSet result =
              statement.executeQuery(
                  ("SELECT calibrated, CAST(label AS INTEGER) FROM read_parquet(%s) p JOIN"
                          + " read_parquet(%s) d USING (entity_key) WHERE label IS NOT NULL ORDER BY"
                          + " entity_key")
                      .formatted(
                          DuckDb.text(scored.toString()), DuckDb.text(labelled.toString())))) {
        while (result.next()) {
          rows.add(new double[] {result.getDouble(1), result.getInt(2)});
        }
      }
      return new Judgements(
          rows.stream().mapToDouble(row -> row[0]).toArray(),
          rows.stream().mapToInt(row -> (int) row[1]).toArray());
    }
  }
}
