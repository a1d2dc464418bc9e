package dev.mlhandoff.por;

import dev.mlhandoff.data.DuckDb;
import dev.mlhandoff.data.catalog.Dataset;
import dev.mlhandoff.data.catalog.DatasetCatalog;
import dev.mlhandoff.data.catalog.Target;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.ProjectRequests;
import dev.mlhandoff.messages.QualityPolicy;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.por.FederationRules.Granted;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.DataRejectedException;
import dev.mlhandoff.por.pipeline.DatasetDescriber;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import dev.mlhandoff.por.pipeline.QualityChecks;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.runtime.StageKeys;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;

/** Resolves a request against the catalog, runs the data pipeline and claims the version. */
final class PorStage implements Stage<ProjectRequest, PorOutput> {

  private static final double STEPS = 16;

  private final DatasetCatalog catalog;
  private final PorProperties properties;
  private final RunClaims claims;
  private final S3Client s3;
  private final QualityPolicy policy;
  private final DataMetrics metrics;
  private final FederationRules federation;

  PorStage(
      DatasetCatalog catalog,
      PorProperties properties,
      RunClaims claims,
      S3Client s3,
      QualityPolicy policy,
      DataMetrics metrics,
      FederationRules federation) {
    this.catalog = catalog;
    this.properties = properties;
    this.claims = claims;
    this.s3 = s3;
    this.policy = policy;
    this.metrics = metrics;
    this.federation = federation;
  }

  @Override
  public PorOutput run(ProjectRequest request, StageContext context) throws Exception {
    String digest = Digests.sha256(Json.write(request));
    String modelId = ProjectRequests.modelId(request.name());
    claims.register(context.runId(), modelId);
    Optional<String> repeated = repeated(request, digest, context);
    if (repeated.isPresent()) {
      return new PorOutput(null, null, null, repeated.get());
    }
    Dataset dataset = dataset(request);
    Target target = target(request, dataset);
    if (policy.isLoosenedBy(request.qualityGate())) {
      throw new RejectionException(
          "THRESHOLD_TOO_LOW",
          "the threshold %s is below the policy's %s"
              .formatted(request.qualityGate().threshold(), policy.threshold()),
          "/qualityGate/threshold");
    }
    List<Granted> granted = federation.resolve(request, dataset, context.clock().instant());
    try (DuckDb database = DuckDb.open(context.workDirectory())) {
      ConfiguredSources sources =
          new ConfiguredSources(properties, s3, catalog.folder(), context.workDirectory());
      DataPipeline pipeline = pipeline(dataset, target, database, sources, context);
      pipeline.run(request.seed(), request.requirements().folds());
      List<CheckResult> checks = QualityChecks.run(database, dataset);
      metrics.checked(checks);
      rejectFailed(checks);
      new FederatedKeys(database, sources).load(granted);
      DatasetDescription description =
          new DatasetDescriber(database).describe(request.dataset(), request.target(), dataset);
      Optional<byte[]> features = new DeclaredFeatures(dataset, catalog.folder()).read(description);
      // Only now, so that data which cannot carry a project uses up no version.
      String version = claims.claim(context.runId(), modelId);
      context.announce(accepted(request, modelId, version, context));
      metrics.delivered(description);
      return new PorOutput(
          new PipelineArtifacts(database, context)
              .write(description, pipeline, checks, granted, features),
          modelId,
          version,
          null);
    } catch (DataRejectedException e) {
      throw new RejectionException(e.code(), String.valueOf(e.getMessage()), e.pointer());
    }
  }

  private static RunAccepted accepted(
      ProjectRequest request, String modelId, String version, StageContext context) {
    return new RunAccepted(
        StageKeys.eventId(context.runId(), StageIds.DATA_PIPELINE, 1, "RunAccepted"),
        context.runId(),
        context.clock().instant(),
        request,
        context.source(),
        modelId,
        version,
        null);
  }

  /** The run that this request repeats, if it does. */
  private Optional<String> repeated(ProjectRequest request, String digest, StageContext context)
      throws RejectionException {
    String correlationId = request.correlationId();
    if (correlationId == null) {
      return Optional.empty();
    }
    RunClaims.Holder holder = claims.correlate(correlationId, context.runId(), digest);
    if (holder.runId().equals(context.runId())) {
      return Optional.empty();
    }
    if (!holder.requestDigest().equals(digest)) {
      throw new RejectionException(
          "DUPLICATE_CORRELATION_ID",
          "another request used this correlation id within 24 hours",
          "/correlationId");
    }
    return Optional.of(holder.runId());
  }

  private Dataset dataset(ProjectRequest request) throws RejectionException {
    return catalog
        .find(request.dataset())
        .orElseThrow(
            () ->
                new RejectionException(
                    "UNKNOWN_DATASET",
                    "the catalog has no such dataset, only " + catalog.names(),
                    "/dataset"));
  }

  private static Target target(ProjectRequest request, Dataset dataset) throws RejectionException {
    Target target = dataset.targets().get(request.target());
    if (target == null) {
      throw new RejectionException(
          "UNKNOWN_TARGET",
          "the dataset has no such target, only " + new TreeMap<>(dataset.targets()).keySet(),
          "/target");
    }
    return target;
  }

  private static DataPipeline pipeline(
      Dataset dataset,
      Target target,
      DuckDb database,
      ConfiguredSources sources,
      StageContext context) {
    int[] steps = new int[1];
    return new DataPipeline(
        database,
        dataset,
        target,
        sources,
        step -> context.progress(Math.min(1, steps[0]++ / STEPS), step));
  }

  private static void rejectFailed(List<CheckResult> checks) throws RejectionException {
    List<String> failed =
        checks.stream()
            .filter(check -> !check.passed() && check.severity().equals("HARD"))
            .map(check -> check.check() + ": " + check.observed())
            .toList();
    if (!failed.isEmpty()) {
      throw new RejectionException(
          "DATA_QUALITY_FAILED", "hard checks failed: " + String.join("; ", failed), "/dataset");
    }
  }
}
