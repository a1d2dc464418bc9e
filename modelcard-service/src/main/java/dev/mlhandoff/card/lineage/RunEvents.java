package dev.mlhandoff.card.lineage;

import io.openlineage.client.OpenLineage;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.Job;
import io.openlineage.client.OpenLineage.JobFacets;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.Run;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineage.RunFacetsBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Run events of <a href="https://openlineage.io/spec/2-0-2/OpenLineage.json">OpenLineage</a>: one
 * run for the project, and one below it for each attempt of a stage. Ids follow from the run, so
 * that a repeated event is the same event.
 */
public final class RunEvents {

  private static final String PROJECT = "project";
  private static final URI PRODUCER = URI.create("urn:mlhandoff:modelcard-service");

  private final OpenLineage openLineage = new OpenLineage(PRODUCER);
  private final String namespace;
  private final Facets facets;

  public RunEvents(String namespace) {
    this.namespace = namespace;
    this.facets = new Facets(openLineage, namespace);
  }

  /** The project's run began. */
  public RunEvent projectStarted(String runId, Instant at) {
    return event(EventType.START, at, run(runId, null), job(PROJECT), List.of(), List.of());
  }

  /**
   * The project's run ended.
   *
   * @param failure why it failed; null if it did not
   */
  public RunEvent projectEnded(String runId, Instant at, @Nullable String failure) {
    return event(
        failure == null ? EventType.COMPLETE : EventType.FAIL,
        at,
        run(runId, failure),
        job(PROJECT),
        List.of(),
        List.of());
  }

  /** A stage began its work. */
  public RunEvent stageStarted(StageRun stage, Instant at) {
    return event(EventType.START, at, run(stage, null), job(stage), List.of(), List.of());
  }

  /** A stage did not do its work. */
  public RunEvent stageFailed(StageRun stage, Instant at, String failure) {
    return event(EventType.FAIL, at, run(stage, failure), job(stage), List.of(), List.of());
  }

  /** A stage delivered. */
  public RunEvent stageCompleted(StageRun stage, Instant at, StageData data) {
    List<InputDataset> inputs = data.inputs().stream().map(facets::input).toList();
    List<OutputDataset> outputs = data.outputs().stream().map(facets::output).toList();
    return event(EventType.COMPLETE, at, run(stage, null), job(stage), inputs, outputs);
  }

  /** One attempt of a stage of a run. */
  public record StageRun(String runId, String stage, int attempt) {}

  /** What a stage read and wrote. */
  public record StageData(List<LineageDataset> inputs, List<LineageDataset> outputs) {

    public StageData {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  private RunEvent event(
      EventType type,
      Instant at,
      Run run,
      Job job,
      List<InputDataset> inputs,
      List<OutputDataset> outputs) {
    return openLineage.newRunEvent(
        ZonedDateTime.ofInstant(at, ZoneOffset.UTC), type, run, job, inputs, outputs);
  }

  private Run run(String runId, @Nullable String failure) {
    return openLineage.newRun(id(runId), told(failure).build());
  }

  private Run run(StageRun stage, @Nullable String failure) {
    UUID id = id(stage.runId() + "/" + stage.stage() + "/" + stage.attempt());
    UUID project = id(stage.runId());
    RunFacetsBuilder builder =
        told(failure)
            .parent(
                openLineage.newParentRunFacet(
                    openLineage.newParentRunFacetRunBuilder().runId(project).build(),
                    openLineage
                        .newParentRunFacetJobBuilder()
                        .namespace(namespace)
                        .name(PROJECT)
                        .build(),
                    null));
    return openLineage.newRun(id, builder.build());
  }

  private RunFacetsBuilder told(@Nullable String failure) {
    RunFacetsBuilder builder = openLineage.newRunFacetsBuilder();
    return failure == null
        ? builder
        : builder.errorMessage(openLineage.newErrorMessageRunFacet(failure, "Java", null));
  }

  private Job job(StageRun stage) {
    return job(PROJECT + "." + stage.stage());
  }

  private Job job(String name) {
    JobFacets described =
        openLineage
            .newJobFacetsBuilder()
            .jobType(openLineage.newJobTypeJobFacet("BATCH", "ML_HANDOFF", "JOB", null))
            .build();
    return openLineage.newJob(namespace, name, described);
  }

  private static UUID id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
  }
}
