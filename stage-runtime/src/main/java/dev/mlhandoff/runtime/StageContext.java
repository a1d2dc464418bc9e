package dev.mlhandoff.runtime;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.RequestSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** What a stage may use while it works: its run, its files, its clock, and a way to say how far. */
public final class StageContext {

  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(250);

  private final String stage;
  private final String persona;
  private final String runId;
  private final int attempt;
  private final String folder;
  private final RequestSource source;
  private final ArtifactStore artifacts;
  private final Path workDirectory;
  private final Clock clock;
  private final Consumer<PipelineEvent> progress;
  private Instant lastProgress = Instant.EPOCH;
  private int progressCount;
  private volatile boolean cancelled;

  StageContext(
      String stage,
      String persona,
      Work<?> work,
      ArtifactStore artifacts,
      Path workDirectory,
      Clock clock,
      Consumer<PipelineEvent> progress) {
    this.stage = stage;
    this.persona = persona;
    this.runId = work.runId();
    this.attempt = work.attempt();
    this.folder = StageKeys.folder(work, stage);
    this.source = work.source();
    this.artifacts = artifacts;
    this.workDirectory = workDirectory;
    this.clock = clock;
    this.progress = progress;
  }

  public String runId() {
    return runId;
  }

  public int attempt() {
    return attempt;
  }

  /** The record that is being worked on. */
  public RequestSource source() {
    return source;
  }

  public ArtifactStore artifacts() {
    return artifacts;
  }

  /** An empty folder of this piece of work; it is deleted afterwards. */
  public Path workDirectory() {
    return workDirectory;
  }

  public Clock clock() {
    return clock;
  }

  /** Stores a file of this stage under its content's digest. */
  public ArtifactRef write(String fileName, Path content, String mediaType) throws IOException {
    checkCancelled();
    String digest = Digests.sha256(content);
    String key = folder + digest.substring(0, 16) + "/" + fileName;
    artifacts.put(key, content, mediaType);
    return new ArtifactRef(artifacts.uri(key), digest, Files.size(content), mediaType);
  }

  /** Stores bytes of this stage under their digest. */
  public ArtifactRef write(String fileName, byte[] content, String mediaType) throws IOException {
    Path file = Files.createTempFile(workDirectory, "artifact", ".tmp");
    Files.write(file, content);
    return write(fileName, file, mediaType);
  }

  /** A local copy of an artifact whose digest has been checked. */
  public Path fetch(ArtifactRef ref) throws IOException, RejectionException {
    checkCancelled();
    Path target = Files.createTempFile(workDirectory, "input", ".tmp");
    artifacts.fetch(ref, target);
    return target;
  }

  /** The bytes of a small artifact whose digest has been checked. */
  public byte[] read(ArtifactRef ref) throws IOException, RejectionException {
    return artifacts.read(ref);
  }

  /**
   * Says how far the work is; may be called often, is published at most four times a second.
   *
   * @param fraction share of the work that is done, 0 to 1
   */
  public synchronized void progress(double fraction, String message) {
    checkCancelled();
    Instant now = clock.instant();
    if (Duration.between(lastProgress, now).compareTo(PROGRESS_INTERVAL) < 0) {
      return;
    }
    lastProgress = now;
    progressCount++;
    progress.accept(
        new PipelineEvent.StageProgress(
            StageKeys.eventId(runId, stage, attempt, "progress-" + progressCount),
            runId,
            now,
            stage,
            persona,
            attempt,
            Math.max(0, Math.min(1, fraction)),
            message));
  }

  /** Publishes a fact at once, outside the stage's transaction; it must be safe to repeat. */
  public void announce(PipelineEvent event) {
    progress.accept(event);
  }

  /**
   * Long work calls this between its steps.
   *
   * @throws CancellationException once the deadline is over or the service stops
   */
  public void checkCancelled() {
    if (cancelled) {
      throw new CancellationException("stage " + stage + " of " + runId + " was cancelled");
    }
  }

  void cancel() {
    cancelled = true;
  }
}
