package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.HandoffCommand;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.tracking.stub.MlflowStub;
import dev.mlhandoff.tracking.stub.MlflowStub.Mode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A run that was not tracked while it went on, told to tracking servers later. */
class TrackFlowTest {

  private static final String REQUEST =
      """
      {"name": "Told later", "dataset": "good", "target": "churned", "deadline": "Sprint 44",
       "requirements": {"models": ["logistic_regression", "random_forest"],
       "latencyTargetMs": 10000}, "rollout": {"steps": [100]}}
      """;

  @TempDir private Path home;
  private final FlowSystem system = FlowSystem.get();

  @Test
  void aRunIsReplayedWholeAndOnceWhateverTheServerDoes() throws Exception {
    String run = finishedRun();
    List<String> whole;
    int requests;
    try (MlflowStub server = MlflowStub.start()) {
      assertThat(track(run, server.address())).isEmpty();
      whole = server.content();
      requests = server.requests().size();
      holdsTheRun(whole, run);
    }
    URI gone;
    try (MlflowStub server = MlflowStub.start()) {
      gone = server.address();
      server.mode(Mode.HTML);
      assertThat(track(run, gone)).contains("502: Bad Gateway");
      server.mode(Mode.HTML_200);
      assertThat(track(run, gone)).contains("text/html instead of JSON");
      server.mode(Mode.ERROR_500);
      assertThat(track(run, gone)).contains("500 INTERNAL_ERROR: database is gone");
      server.mode(Mode.UP);
      int cuts = 0;
      for (int part = 1; part <= 6; part++) {
        // A lookup that is cut off is asked again by the HTTP client, unseen; anything else is
        // told.
        server.cutAt(requests * part / 30, part % 2 == 0);
        String complaint = track(run, gone);
        if (!complaint.isEmpty()) {
          assertThat(complaint).contains("cannot be reached");
          cuts++;
        }
      }
      assertThat(cuts).as("replays that were cut off").isPositive();
      server.mode(Mode.SLOW);
      server.slowMillis(20);
      assertThat(track(run, gone)).isEmpty();
      assertThat(server.content()).isEqualTo(whole);
      assertThat(track(run, gone)).isEmpty();
      Awaitility.await().until(server::isIdle);
      assertThat(server.content()).isEqualTo(whole);
    }
    assertThat(track(run, gone)).contains("cannot be reached");
  }

  private static void holdsTheRun(List<String> content, String run) {
    assertThat(content)
        .anyMatch(line -> line.startsWith("experiment told-later "))
        .anyMatch(line -> line.startsWith("run " + run + "/1 '1.0.0 attempt 1' FINISHED"))
        .anyMatch(
            line ->
                line.startsWith("run " + run + "/1/logistic_regression ")
                    && line.contains("mlflow.parentRunId=" + run + "/1")
                    && line.contains("handoff.pipeline_sha256=")
                    && line.contains("key=fold_auc_roc"))
        .anyMatch(line -> line.startsWith("run " + run + "/1/random_forest "))
        .anyMatch(
            line -> line.startsWith("artifact " + run + "/1 artifacts/experiment-report.json"))
        .anyMatch(line -> line.startsWith("version told-later of " + run + "/1 "))
        .contains("alias told-later candidate -> " + run + "/1");
  }

  /** As a running system leaves it, so that the command finds cards and artifacts by its home. */
  @BeforeEach
  void writeHome() throws Exception {
    Home.write(home, system);
  }

  /** What the command complained of; nothing if it succeeded. */
  private String track(String run, URI server) {
    StringWriter complaints = new StringWriter();
    CommandLine command = HandoffCommand.commandLine();
    command.setErr(new PrintWriter(complaints, true));
    int status =
        command.execute("track", run, "--to", server.toString(), "--home", home.toString());
    assertThat(status == 0).as(complaints.toString()).isEqualTo(complaints.toString().isEmpty());
    return complaints.toString();
  }

  private String finishedRun() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      RequestSource source = requests.publish(null, REQUEST.getBytes(UTF_8), List.of());
      ProjectOutcome outcome =
          Objects.requireNonNull(
                  requests.await(List.of(source), Duration.ofMinutes(10)).get(source))
              .get(0);
      return outcome.runId();
    }
  }
}
