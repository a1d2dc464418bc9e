package dev.mlhandoff.ior;

import dev.mlhandoff.ior.batch.BatchPrediction;
import dev.mlhandoff.ior.batch.PredictionsDigest;
import dev.mlhandoff.ior.batch.PredictionsFile;
import dev.mlhandoff.ior.serving.RecordValidator.Findings;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchManifest.Part;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Scores every current entity of a model, part by part. A part is done once the small file that
 * describes it is there, the batch once its manifest is: whoever comes after a crash goes on behind
 * the last part, and of two that work on the same batch the first one's part counts.
 */
final class BatchScoring {

  private static final String PARQUET = "application/vnd.apache.parquet";
  private static final String JSON = "application/json";

  private final ArtifactStore artifacts;
  private final CurrentEntities entities;
  private final int partRows;

  /**
   * @param partRows most rows of a part, at least 1
   */
  BatchScoring(ArtifactStore artifacts, CurrentEntities entities, int partRows) {
    this.artifacts = artifacts;
    this.entities = entities;
    this.partRows = partRows;
  }

  /**
   * The finished batch; may be called again for the same order.
   *
   * @param work an empty folder
   * @param betweenParts called after every part; what it throws ends the work until the next call
   * @throws RejectionException EMPTY_DATASET if no entity has features that count, ARTIFACT_CORRUPT
   *     if a part was changed
   */
  BatchManifest score(BatchOrder order, ServingModel model, Path work, Runnable betweenParts)
      throws IOException, SQLException, RejectionException {
    List<Part> parts = new ArrayList<>();
    PredictionsDigest digest = new PredictionsDigest();
    String last = null;
    for (Optional<Part> part = part(order, model, 0, null, work);
        part.isPresent();
        part = part(order, model, parts.size(), last, work)) {
      betweenParts.run();
      parts.add(part.get());
      last = part.get().lastEntity();
      // Of what is stored, whoever stored it.
      Path file = work.resolve("part.parquet");
      artifacts.fetch(part.get().file(), file);
      PredictionsFile.addTo(digest, file);
    }
    if (parts.isEmpty()) {
      throw new RejectionException(
          "EMPTY_DATASET", "no entity of " + order.modelId() + " has features that count now", "");
    }
    BatchManifest manifest = manifest(order, model, parts, digest.value());
    String key = order.folder() + BatchManifest.FILE;
    artifacts.putIfAbsent(key, Json.write(manifest), JSON);
    return Json.read(artifacts.find(key).orElseThrow(), BatchManifest.class);
  }

  /** The part of that number, scored unless it is there; empty behind the last entity. */
  private Optional<Part> part(
      BatchOrder order, ServingModel model, int number, @Nullable String after, Path work)
      throws IOException, SQLException {
    String key = order.folder() + "parts/%05d.json".formatted(number);
    Optional<byte[]> done = artifacts.find(key);
    if (done.isEmpty()) {
      List<BatchPrediction> predictions = predictions(model, after);
      if (predictions.isEmpty()) {
        return Optional.empty();
      }
      Part scored = write(order, number, predictions, work);
      if (artifacts.putIfAbsent(key, Json.write(scored), JSON)) {
        return Optional.of(scored);
      }
      done = artifacts.find(key);
    }
    return done.map(content -> Json.read(content, Part.class));
  }

  private List<BatchPrediction> predictions(ServingModel model, @Nullable String after) {
    List<BatchPrediction> predictions = new ArrayList<>();
    for (CurrentEntities.Entity entity : entities.after(model, after, partRows)) {
      predictions.add(score(model, entity));
    }
    return predictions;
  }

  private static BatchPrediction score(ServingModel model, CurrentEntities.Entity entity) {
    OnlineFeatures.Row row = entity.row();
    Findings findings = model.validator().check(row.features());
    Double probability =
        findings.violations().isEmpty() ? model.bundle().probability(row.features()) : null;
    return new BatchPrediction(
        entity.key(),
        probability,
        probability == null ? null : model.bundle().decision(probability),
        row.stale(),
        row.writtenAt(),
        text(findings.warnings()),
        text(findings.violations()));
  }

  private static @Nullable String text(List<Violation> found) {
    return found.isEmpty() ? null : new String(Json.write(found), StandardCharsets.UTF_8);
  }

  private Part write(BatchOrder order, int number, List<BatchPrediction> predictions, Path work)
      throws IOException, SQLException {
    Path file = work.resolve("scored.parquet");
    PredictionsFile.write(predictions, file);
    String digest = Digests.sha256(file);
    // By its content, so that another's part of this number is not replaced.
    String key =
        order.folder() + "parts/%05d-%s.parquet".formatted(number, digest.substring(0, 16));
    artifacts.put(key, file, PARQUET);
    return new Part(
        new ArtifactRef(artifacts.uri(key), digest, Files.size(file), PARQUET),
        predictions.get(0).entity(),
        predictions.get(predictions.size() - 1).entity(),
        predictions.size(),
        predictions.stream().filter(BatchPrediction::stale).count(),
        predictions.stream().filter(p -> p.probability() == null).count());
  }

  private static BatchManifest manifest(
      BatchOrder order, ServingModel model, List<Part> parts, String predictionsDigest) {
    return new BatchManifest(
        order.modelId(),
        order.version(),
        order.runId(),
        order.date(),
        order.bundle(),
        model.bundle().featureDigest(),
        order.featureDigest(),
        model.bundle().threshold(),
        parts.stream().mapToLong(Part::rows).sum(),
        parts.stream().mapToLong(Part::stale).sum(),
        parts.stream().mapToLong(Part::refused).sum(),
        predictionsDigest,
        parts);
  }
}
