package dev.mlhandoff.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.tracking.journal.Journal;
import dev.mlhandoff.tracking.journal.JournalEntry;
import dev.mlhandoff.tracking.journal.JournalEntry.Artifact;
import dev.mlhandoff.tracking.journal.JournalEntry.Attempt;
import dev.mlhandoff.tracking.journal.JournalEntry.Metric;
import dev.mlhandoff.tracking.journal.JournalEntry.Trial;
import dev.mlhandoff.tracking.mlflow.MlflowException;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import dev.mlhandoff.tracking.stub.MlflowStub;
import dev.mlhandoff.tracking.stub.MlflowStub.Mode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {

  private static final String RUN = "run-0123456789abcdef";
  private static final TrackedAttempt ATTEMPT = Attempts.tracked(RUN);
  private static final Journal JOURNAL = Attempts.journal("1.0.0", 1);

  @Test
  void everythingOfTheJournalIsOnTheServer() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      ReplayResult result = replay(server);

      assertThat(result.runs()).isEqualTo(4);
      assertThat(result.created()).isEqualTo(4);
      assertThat(result.artifacts()).isEqualTo(3);
      String key = RUN + "/1";
      assertThat(server.content())
          .containsExactly(
              "alias customer-churn candidate -> " + key,
              "artifact " + key + " artifacts/experiment-report.json 7",
              "artifact " + key + " artifacts/model/model-bundle.zip 5000",
              "artifact " + key + " artifacts/spec.md 0",
              "experiment customer-churn {handoff.project=Customer <Churn> 'é'}",
              "run "
                  + key
                  + " '1.0.0 attempt 1' FINISHED 1000-61000 "
                  + tags(
                      key,
                      "",
                      ", handoff.sha256.experiment-report="
                          + "b".repeat(64)
                          + ", handoff.sha256.model-bundle="
                          + "a".repeat(64)
                          + ", handoff.sha256.spec-md="
                          + "c".repeat(64),
                      "",
                      "1.0.0 attempt 1")
                  + " {folds=3, seed=42}"
                  + " [Point[key=threshold, value=0.4, timestamp=61000, step=0],"
                  + " Point[key=undefined, value=NaN, timestamp=61000, step=0]]",
              "run "
                  + key
                  + "/crashed 'crashed' FAILED 1000-61000 "
                  + tags(
                      key + "/crashed",
                      ", handoff.failure=its worker died three times",
                      "",
                      key,
                      "crashed")
                  + " {family=x_family} []",
              "run "
                  + key
                  + "/forest 'forest' FINISHED 1000-61000 "
                  + tags(key + "/forest", "", "", key, "forest")
                  + " {depth=6, family=forest_family} ["
                  + folds()
                  + ", Point[key=mean_auc_roc, value=0.81, timestamp=61000, step=0]"
                  + ", Point[key=training_seconds, value=12.5, timestamp=61000, step=0]]",
              "run "
                  + key
                  + "/logistic 'logistic' FINISHED 1000-61000 "
                  + tags(key + "/logistic", "", "", key, "logistic")
                  + " {depth=6, family=logistic_family} ["
                  + folds()
                  + ", Point[key=mean_auc_roc, value=0.81, timestamp=61000, step=0]]",
              "version customer-churn of "
                  + key
                  + " mlflow-artifacts:/1/RUN/artifacts/model"
                  + " {handoff.attempt=1, handoff.data_sha256="
                  + "d".repeat(64)
                  + ", handoff.project=Customer <Churn> 'é', handoff.run_id="
                  + RUN
                  + ", handoff.sha256="
                  + "a".repeat(64)
                  + ", handoff.trial=logistic, handoff.version=1.0.0}");
    }
  }

  @Test
  void aSecondReplayChangesNothing() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      replay(server);
      List<String> once = server.content();

      ReplayResult again = replay(server);

      assertThat(server.content()).isEqualTo(once);
      assertThat(again.created()).isZero();
      assertThat(again.artifacts()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cutAtAnyRequestALaterReplayLeavesItCompleteAndWithoutDoubles(boolean after)
      throws Exception {
    List<String> whole;
    int requests;
    try (MlflowStub server = MlflowStub.start()) {
      replay(server);
      whole = server.content();
      requests = server.requests().size();
    }
    assertThat(requests).isGreaterThan(30);
    for (int cut = 1; cut <= requests; cut++) {
      try (MlflowStub server = MlflowStub.start()) {
        server.cutAt(cut, after);
        try {
          replay(server);
        } catch (MlflowException e) {
          assertThat(e.isUnavailable()).isTrue();
        }
        replay(server);

        assertThat(server.content()).as("cut at request %d", cut).isEqualTo(whole);
      }
    }
  }

  @Test
  void whatASlowServerDidAfterNobodyWaitedIsNotDoubled() throws Exception {
    List<String> whole;
    try (MlflowStub server = MlflowStub.start()) {
      replay(server);
      whole = server.content();
    }
    try (MlflowStub server = MlflowStub.start()) {
      server.mode(Mode.SLOW);
      Replay impatient = new Replay(server(server.address(), 100));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> impatient.replay(ATTEMPT, JOURNAL, Attempts.FILES))
            .isInstanceOf(MlflowException.class)
            .hasMessageContaining("did not answer within 100 ms");
      }
      server.mode(Mode.UP);
      replay(server);
      Awaitility.await().until(server::isIdle);
      replay(server);

      assertThat(server.content()).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTML, 502: Bad Gateway",
    "HTML_200, text/html instead of JSON",
    "ERROR_500, 500 INTERNAL_ERROR: database is gone"
  })
  void aServerOutOfOrderIsToldAndALaterReplayGoesOn(Mode mode, String message) throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      server.mode(mode);
      assertThatThrownBy(() -> replay(server))
          .isInstanceOfSatisfying(
              MlflowException.class, e -> assertThat(e.isUnavailable()).isTrue())
          .hasMessageContaining(message);
      server.mode(Mode.UP);

      assertThat(replay(server).created()).isEqualTo(4);
    }
  }

  @Test
  void aServerThatIsDownIsUnavailable() throws Exception {
    URI gone;
    try (MlflowStub server = MlflowStub.start()) {
      gone = server.address();
    }
    assertThatThrownBy(
            () -> new Replay(server(gone, 5_000)).replay(ATTEMPT, JOURNAL, Attempts.FILES))
        .isInstanceOfSatisfying(MlflowException.class, e -> assertThat(e.isUnavailable()).isTrue())
        .hasMessageContaining("cannot be reached");
  }

  @Test
  void credentialsAreSentAndARefusalSaysSo() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      server.mode(Mode.UNAUTHORIZED);
      assertThatThrownBy(() -> replay(server))
          .isInstanceOfSatisfying(
              MlflowException.class, e -> assertThat(e.isUnavailable()).isFalse())
          .hasMessageContaining("401: You are not authenticated.");

      new Replay(MlflowServer.at(server.address(), "user", "päss"))
          .replay(ATTEMPT, JOURNAL, Attempts.FILES);

      assertThat(server.requests())
          .allMatch(r -> r.endsWith("authorization=Basic dXNlcjpww6Rzcw=="));
    }
  }

  @Test
  void artifactsTravelWithTheirLength() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      replay(server);

      assertThat(server.requests().stream().filter(request -> request.startsWith("PUT")))
          .anyMatch(request -> request.contains("model-bundle.zip length=5000"))
          .noneMatch(request -> request.contains("length=null"));
    }
  }

  @Test
  void whereOnlyTheServersClientsCanWriteTheModelStaysInItsStore() throws Exception {
    try (MlflowStub server = MlflowStub.startWithArtifactsAt("/var/mlruns/")) {
      assertThat(replay(server).artifacts()).isZero();

      assertThat(server.content())
          .anyMatch(line -> line.startsWith("version") && line.contains("s3://handoff/model/"))
          .noneMatch(line -> line.startsWith("artifact"));
    }
  }

  @Test
  void twoReplaysAtOnceLeaveNoDoubles() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (MlflowStub server = MlflowStub.start()) {
        ExecutorService two = Executors.newFixedThreadPool(2);
        List<Future<?>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
          both.add(two.submit(() -> replayUntilDone(server)));
        }
        for (Future<?> one : both) {
          one.get();
        }
        two.shutdown();
        replay(server);

        assertThat(server.content().stream().filter(line -> line.startsWith("run "))).hasSize(4);
        assertThat(server.content().stream().filter(line -> line.startsWith("version"))).hasSize(1);
      }
    }
  }

  @Test
  void theAliasNamesTheNewestWhateverTheOrder() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      Replay replay = new Replay(server(server.address(), 5_000));
      replay.replay(Attempts.tracked("run-b"), Attempts.journal("10.0.0", 1), Attempts.FILES);
      replay.replay(Attempts.tracked("run-a"), Attempts.journal("9.0.0", 3), Attempts.FILES);
      assertThat(server.content()).contains("alias customer-churn candidate -> run-b/1");

      replay.replay(Attempts.tracked("run-b"), Attempts.journal("10.0.0", 2), Attempts.FILES);

      assertThat(server.content())
          .contains("alias customer-churn candidate -> run-b/2")
          .filteredOn(line -> line.startsWith("version"))
          .hasSize(3);
    }
  }

  @Test
  void aVersionThatIsNoNumberIsBeforeEveryOther() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      Replay replay = new Replay(server(server.address(), 5_000));
      replay.replay(Attempts.tracked("run-a"), Attempts.journal("next", 1), Attempts.FILES);
      replay.replay(Attempts.tracked("run-b"), Attempts.journal("1.0.0", 1), Attempts.FILES);
      replay.replay(Attempts.tracked("run-c"), Attempts.journal("latest.1", 9), Attempts.FILES);

      assertThat(server.content()).contains("alias customer-churn candidate -> run-b/1");
    }
  }

  @Test
  void aFileIsNotTakenForOneWhoseNameEndsAlike() throws Exception {
    List<JournalEntry> entries =
        List.of(
            new Attempt("P", "p", "1.0.0", 1, new TreeMap<>(), new TreeMap<>()),
            new Artifact("earlier", "a-spec.md", "a".repeat(64), 9),
            new Artifact("later", "z-spec.md", "a".repeat(64), 9),
            new Artifact("spec-md", "spec.md", "b".repeat(64), 3));
    try (MlflowStub server = MlflowStub.start()) {
      new Replay(server(server.address(), 5_000))
          .replay(ATTEMPT, Journal.of(entries), Attempts.FILES);

      assertThat(server.content())
          .contains(
              "artifact " + RUN + "/1 artifacts/a-spec.md 9",
              "artifact " + RUN + "/1 artifacts/spec.md 3",
              "artifact " + RUN + "/1 artifacts/z-spec.md 9");
    }
  }

  @Test
  void moreThanABatchTakesIsSentInParts() throws Exception {
    List<JournalEntry> entries = new ArrayList<>();
    SortedMap<String, String> parameters = new TreeMap<>();
    for (int i = 0; i < 250; i++) {
      parameters.put("parameter " + i, "x".repeat(7_000));
    }
    entries.add(new Attempt("P", "p", "1.0.0", 1, parameters, new TreeMap<>()));
    entries.add(new Trial("t", "f", new TreeMap<>(), null));
    for (int i = 0; i < 2_500; i++) {
      entries.add(new Metric("t", "importance of plan=" + i, 0, i));
    }
    try (MlflowStub server = MlflowStub.start()) {
      new Replay(server(server.address(), 5_000))
          .replay(ATTEMPT, Journal.of(entries), Attempts.FILES);

      String all = String.join("\n", server.content());
      assertThat(all.split("importance of plan_", -1)).hasSize(2_501);
      assertThat(all.split("parameter ", -1)).hasSize(251);
      assertThat(all).contains("x".repeat(5_997) + "...");
    }
  }

  @Test
  void anExperimentThatSomebodyDeletedIsLeftAlone() throws Exception {
    try (MlflowStub server = MlflowStub.start()) {
      replay(server);
      server.deleteExperiments();

      assertThatThrownBy(() -> replay(server))
          .isInstanceOf(MlflowException.class)
          .hasMessageContaining("'customer-churn' was deleted on the server");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///x", "http:///x", "http://u:p@host", "http://host?x=1", "host:1"})
  void anAddressThatIsNoServerIsRefused(String address) {
    assertThatThrownBy(() -> MlflowServer.at(URI.create(address), null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tracking server");
  }

  private static ReplayResult replay(MlflowStub server) throws MlflowException, IOException {
    return new Replay(server(server.address(), 5_000)).replay(ATTEMPT, JOURNAL, Attempts.FILES);
  }

  private static boolean replayUntilDone(MlflowStub server) throws IOException {
    for (int i = 0; i < 20; i++) {
      try {
        replay(server);
        return true;
      } catch (MlflowException e) {
        // The other one removed a run that this one worked on; the next replay finds its run.
      }
    }
    throw new IllegalStateException("two replays never came to an end");
  }

  private static MlflowServer server(URI address, int millis) {
    return new MlflowServer(
        address, null, null, Duration.ofMillis(millis), Duration.ofMillis(millis));
  }

  private static String folds() {
    List<String> points = new ArrayList<>();
    for (int fold = 0; fold < 3; fold++) {
      points.add(
          "Point[key=fold_auc_roc, value=%s, timestamp=61000, step=%d]"
              .formatted(0.8 + fold / 100.0, fold));
    }
    return String.join(", ", points);
  }

  private static String tags(
      String key, String failure, String digests, String parent, String name) {
    return "{handoff.attempt=1, handoff.data_sha256="
        + "d".repeat(64)
        + failure
        + ", handoff.key="
        + key
        + ", handoff.project=Customer <Churn> 'é', handoff.run_id="
        + RUN
        + digests
        + ", handoff.version=1.0.0"
        + (parent.isEmpty() ? "" : ", mlflow.parentRunId=" + parent)
        + ", mlflow.runName="
        + name
        + ", mlflow.source.name=ml-handoff, mlflow.source.type=JOB}";
  }
}
