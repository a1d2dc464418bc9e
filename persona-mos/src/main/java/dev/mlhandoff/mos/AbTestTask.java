package dev.mlhandoff.mos;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent.AbTestDecided;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.mos.experiment.AbTestJudge;
import dev.mlhandoff.mos.experiment.AbTestResult;
import dev.mlhandoff.mos.experiment.LabelledPrediction;
import dev.mlhandoff.mos.experiment.Verdict;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every running A/B test, ends those that are decided, and sends what follows: the row
 * first, then route, verdict and event, which may be sent again.
 */
final class AbTestTask {

  private static final Logger log = LoggerFactory.getLogger(AbTestTask.class);

  private final AbTests tests;
  private final AbTestRows rows;
  private final LabelledTraffic traffic;
  private final Deployments deployments;
  private final ArtifactStore artifacts;
  private final MessagePublisher publisher;
  private final Clock clock;

  AbTestTask(
      AbTests tests,
      AbTestRows rows,
      LabelledTraffic traffic,
      Deployments deployments,
      ArtifactStore artifacts,
      MessagePublisher publisher,
      Clock clock) {
    this.tests = tests;
    this.rows = rows;
    this.traffic = traffic;
    this.deployments = deployments;
    this.artifacts = artifacts;
    this.publisher = publisher;
    this.clock = clock;
  }

  void advanceAll() {
    try {
      announceAll();
      for (AbTest test : rows.running()) {
        judge(test);
      }
      announceAll();
    } catch (IOException e) {
      log.warn("will try again: {}", e.toString());
    }
  }

  private void judge(AbTest test) {
    List<LabelledPrediction> known = traffic.of(test);
    boolean expired = !clock.instant().isBefore(test.endsAt());
    AbTestResult result = new AbTestJudge(test.plan()).judge(known, expired);
    if (result.verdict() != Verdict.RUNNING && tests.end(test, AbTest.State.DECIDED, result)) {
      log.info("{}: {}", test.testId(), result);
    }
  }

  private void announceAll() throws IOException {
    for (AbTest test : rows.unannounced()) {
      List<Emission> emissions = new ArrayList<>();
      emissions.add(
          new Emission(
              Topics.SERVING_ROUTES,
              test.modelId(),
              deployments.route(test.modelId()).orElseThrow()));
      AbTestResult result = test.result();
      if (result != null) {
        AbTestDecided event = decided(test, result);
        emissions.add(new Emission(Topics.PIPELINE_EVENTS, event.runId(), event));
      }
      publisher.sendTogether(emissions);
      rows.announced(test);
    }
  }

  /** Under the run of version B, which is what was to be found out about. */
  private AbTestDecided decided(AbTest test, AbTestResult result) throws IOException {
    String runId =
        deployments.of(test.modelId()).stream()
            .filter(deployment -> deployment.version().equals(test.plan().versionB()))
            .findFirst()
            .orElseThrow()
            .handoff()
            .runId();
    return new AbTestDecided(
        runId + "/" + test.testId(),
        runId,
        Objects.requireNonNull(test.endedAt()),
        test.modelId(),
        test.testId(),
        test.plan().versionA(),
        test.plan().versionB(),
        test.plan().metric().label(),
        result.verdict().name(),
        result.samplesA(),
        result.samplesB(),
        result.difference(),
        result.lower(),
        result.upper(),
        test.plan().significance(),
        write(test));
  }

  private ArtifactRef write(AbTest test) throws IOException {
    byte[] content = Json.writePretty(test);
    String digest = Digests.sha256(content);
    String key = "experiments/" + test.testId() + "/" + digest.substring(0, 16) + "/verdict.json";
    Path file = Files.createTempFile("verdict", ".json");
    try {
      Files.write(file, content);
      artifacts.put(key, file, "application/json");
    } finally {
      Files.delete(file);
    }
    return new ArtifactRef(artifacts.uri(key), digest, content.length, "application/json");
  }
}
