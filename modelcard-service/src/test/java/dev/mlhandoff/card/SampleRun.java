package dev.mlhandoff.card;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.HopTimes;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DeploymentChanged;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.PipelineEvent.RunParked;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.PipelineEvent.StageProgress;
import dev.mlhandoff.messages.PipelineEvent.StageStarted;
import dev.mlhandoff.messages.ProjectRequest;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.runtime.FileArtifactStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Events of made-up runs, in the order in which the services publish them. */
final class SampleRun {

  private static final Map<String, String> PERSONAS =
      Map.of(
          StageIds.DATA_PIPELINE, "POR",
          StageIds.FEATURE_ENGINEERING, "FAR",
          StageIds.TRAINING, "ESC",
          StageIds.QUALITY_GATE, "GATE",
          StageIds.INFERENCE, "IOR",
          StageIds.DEPLOYMENT, "MOS");

  private final String runId;
  private final String modelId;
  private final String version;
  private final List<PipelineEvent> events = new ArrayList<>();
  private Instant time;
  private double latency = 12.5;

  private SampleRun(String runId, String modelId, String version, Instant start) {
    this.runId = runId;
    this.modelId = modelId;
    this.version = version;
    this.time = start;
  }

  static SampleRun of(String runId, String modelId, String version) {
    return new SampleRun(runId, modelId, version, Instant.parse("2026-11-24T10:00:00Z"));
  }

  SampleRun startingAt(Instant start) {
    time = start;
    return this;
  }

  SampleRun withLatency(double milliseconds) {
    latency = milliseconds;
    return this;
  }

  SampleRun accepted(String name, String deadline) {
    events.add(
        new RunAccepted(
            runId + "/accepted",
            runId,
            tick(),
            ProjectRequest.of(name, "customers", "churn", deadline),
            new RequestSource("project.requests.v1", 0, 7),
            modelId,
            version,
            null));
    return this;
  }

  SampleRun stage(String stage, int attempt) {
    String persona = String.valueOf(PERSONAS.get(stage));
    String id = runId + "/" + stage + "/" + attempt + "/";
    events.add(new StageStarted(id + "StageStarted", runId, tick(), stage, persona, attempt));
    events.add(
        new StageProgress(id + "progress-1", runId, tick(), stage, persona, attempt, 0.5, "half"));
    ArtifactRef spec =
        new ArtifactRef("file:///" + runId + "/" + stage, "a".repeat(64), 3, "application/json");
    events.add(
        new StageCompleted(
            id + "StageCompleted",
            runId,
            tick(),
            modelId,
            version,
            Deliverable.of(
                stage,
                persona,
                attempt,
                stage + " done",
                Map.of("spec", spec),
                Map.of("latency_p99_ms", latency, "rows", 100.0)),
            new HopTimes(11, 1000, 3)));
    return this;
  }

  SampleRun gate(int attempt, GateVerdict verdict, double score) {
    stage(StageIds.QUALITY_GATE, attempt);
    events.add(
        new GateEvaluated(
            runId + "/gate/" + attempt,
            runId,
            tick(),
            attempt,
            verdict,
            score,
            0.65,
            new TreeMap<>(Map.of("discrimination", score)),
            "1",
            List.of("the lowest dimension is discrimination"),
            null,
            null));
    return this;
  }

  SampleRun parked() {
    events.add(
        new RunParked(
            runId + "/parked",
            runId,
            tick(),
            1,
            "governance",
            "GCA",
            Approval.Decision.WAIVE,
            0.8,
            0.65,
            List.of("leak-alarms-resolved"),
            "1",
            List.of("column membership alone scores 0.99"),
            time.plusSeconds(3600)));
    return this;
  }

  SampleRun deployment(String state, long revision) {
    events.add(
        new DeploymentChanged(
            runId + "/deployment/" + state,
            runId,
            tick(),
            modelId,
            version,
            "",
            state,
            revision,
            "passed"));
    return this;
  }

  /** The judges passed a step. */
  SampleRun passed(String step, String reason) {
    events.add(
        new DeploymentChanged(
            runId + "/passed/" + step, runId, tick(), modelId, version, step, "next", 1, reason));
    return this;
  }

  SampleRun promoted(long revision) {
    stage(StageIds.DEPLOYMENT, 1);
    events.add(new Promoted(runId + "/promoted", runId, tick(), modelId, version, revision));
    return this;
  }

  SampleRun rejected(String code) {
    events.add(
        new Rejected(
            runId + "/rejected",
            runId,
            tick(),
            StageIds.QUALITY_GATE,
            "GATE",
            3,
            code,
            "the gate failed every attempt",
            "",
            List.of("attempt 1: 0.51"),
            null,
            null));
    return this;
  }

  /** A whole run whose second attempt passes, up to its promotion under a route revision. */
  SampleRun complete(long revision) {
    return accepted("<script>alert(1)</script>", "2026-12-31")
        .stage(StageIds.DATA_PIPELINE, 1)
        .stage(StageIds.FEATURE_ENGINEERING, 1)
        .stage(StageIds.TRAINING, 1)
        .gate(1, GateVerdict.FAILED, 0.5)
        .stage(StageIds.TRAINING, 2)
        .gate(2, GateVerdict.PASSED, 0.7)
        .stage(StageIds.INFERENCE, 2)
        .deployment("canary 5 %", revision - 1)
        .deployment("production", revision)
        .promoted(revision);
  }

  SampleRun add(PipelineEvent event) {
    events.add(event);
    return this;
  }

  Instant tick() {
    time = time.plusSeconds(1);
    return time;
  }

  List<PipelineEvent> events() {
    return List.copyOf(events);
  }

  /** The events as records of partition 3, from offset 100. */
  List<RecordedEvent> recorded() {
    List<RecordedEvent> recorded = new ArrayList<>();
    for (PipelineEvent event : events) {
      recorded.add(
          new RecordedEvent(
              new EventPosition("pipeline.events.v1", 3, 100 + recorded.size()), event));
    }
    return recorded;
  }

  Run run() {
    return Run.of(recorded());
  }

  /** Reads from a store that holds nothing. */
  static EvidenceReader noArtifacts() {
    return new EvidenceReader(new FileArtifactStore(Path.of("target/nothing")));
  }

  /** A route table with one route for each version named. */
  static RouteTable routes(String modelId, long revision, Map<String, Role> roles) {
    return routes(modelId, revision, roles, null);
  }

  static RouteTable routes(
      String modelId, long revision, Map<String, Role> roles, @Nullable Integer productionWeight) {
    ArtifactRef bundle = new ArtifactRef("file:///bundle", "b".repeat(64), 1, "application/zip");
    return new RouteTable(
        modelId,
        revision,
        new TreeMap<>(roles)
            .entrySet().stream()
                .map(
                    e ->
                        new Route(
                            e.getKey(),
                            "run",
                            e.getValue(),
                            e.getValue() == Role.PRODUCTION
                                ? productionWeight == null ? 100 : productionWeight
                                : 0,
                            bundle,
                            "digest"))
                .toList());
  }
}
