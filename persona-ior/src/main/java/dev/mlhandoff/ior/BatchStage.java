package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.BatchManifest;
import dev.mlhandoff.messages.BatchOrder;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.PipelineEvent.BatchScored;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.BundleException;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.runtime.StageKeys;
import dev.mlhandoff.runtime.Work;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Follows orders to score the current entities of a model. */
final class BatchStage implements Stage<BatchOrder, BatchStage.Scored> {

  static final String STAGE = "batch_scoring";

  private static final MessageSchema SCHEMA = MessageSchema.of("batch-order");

  private final LoadedModels models;
  private final BatchScoring scoring;
  private final MeterRegistry registry;

  BatchStage(LoadedModels models, BatchScoring scoring, MeterRegistry registry) {
    this.models = models;
    this.scoring = scoring;
    this.registry = registry;
    for (String result : List.of("scored", "stale", "refused")) {
      count(result, 0);
    }
  }

  /** A batch, where it is described, and when it was finished. */
  record Scored(BatchManifest batch, ArtifactRef manifest, Instant at) {}

  /** Each day of a version is a piece of work of its own. */
  static InputReader<BatchOrder> reader() {
    return record -> {
      try {
        JsonNode tree = Json.tree(record.value());
        List<MessageSchema.Violation> violations = SCHEMA.violations(tree);
        if (!violations.isEmpty()) {
          throw new RejectionException(
              "INVALID_HANDOFF", "the record is no order of a batch: " + violations.get(0), "");
        }
        BatchOrder order = Json.convert(tree, BatchOrder.class);
        return new Work<>(
            order.runId(), 1, order.date().toString(), RunIds.source(record), null, order);
      } catch (JacksonException e) {
        throw new RejectionException("INVALID_HANDOFF", "the record is no order of a batch", "");
      }
    };
  }

  @Override
  public Scored run(BatchOrder order, StageContext context)
      throws IOException, SQLException, RejectionException {
    BatchManifest batch =
        scoring.score(order, model(order), context.workDirectory(), context::checkCancelled);
    count("scored", batch.rows() - batch.refused());
    count("stale", batch.stale());
    count("refused", batch.refused());
    byte[] content = Json.write(batch);
    return new Scored(
        batch,
        new ArtifactRef(
            context.artifacts().uri(order.folder() + BatchManifest.FILE),
            Digests.sha256(content),
            content.length,
            "application/json"),
        context.clock().instant());
  }

  /** A version that no route names any more is read for this batch alone. */
  private ServingModel model(BatchOrder order) throws IOException, RejectionException {
    Optional<ServingModel> loaded = models.find(order.modelId(), order.version());
    if (loaded.isPresent()) {
      return loaded.get();
    }
    try {
      return models.read(order.modelId(), order.version(), order.bundle(), order.featureDigest());
    } catch (BundleException e) {
      throw new RejectionException("BUNDLE_NOT_SERVABLE", String.valueOf(e.getMessage()), "");
    }
  }

  /** The event; the same at every redelivery. */
  static List<Emission> route(Work<BatchOrder> work, Scored scored) {
    BatchManifest batch = scored.batch();
    return List.of(
        new Emission(
            Topics.PIPELINE_EVENTS,
            batch.runId(),
            new BatchScored(
                StageKeys.eventId(batch.runId(), STAGE, 1, "BatchScored-" + batch.date()),
                batch.runId(),
                scored.at(),
                batch.modelId(),
                batch.version(),
                batch.date(),
                batch.rows(),
                batch.stale(),
                batch.refused(),
                batch.predictionsDigest(),
                scored.manifest())));
  }

  /** No run ends by it: the ops team is told, and a new order goes on where this one stopped. */
  static List<Emission> alert(Work<BatchOrder> work, RejectionException failure, Clock clock) {
    BatchOrder order = work.input();
    return List.of(
        new Emission(
            Topics.ALERTS,
            order.modelId(),
            new Alert(
                order.runId() + "/" + order.date() + "/BATCH/" + failure.code(),
                clock.instant(),
                order.modelId(),
                order.version(),
                Alert.Kind.BATCH,
                Alert.Severity.CRITICAL,
                "batch of " + order.date(),
                new TreeMap<>(),
                "the current entities were not scored: "
                    + failure.code()
                    + ", "
                    + failure.reason())));
  }

  private void count(String result, long rows) {
    registry.counter("handoff.batch.rows", "result", result).increment((double) rows);
  }
}
