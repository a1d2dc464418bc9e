package dev.mlhandoff.mos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.Promoted;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.mos.rollout.Position;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.platform.SharedPlatform;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {

  private static final int ROWS = 400;

  @TempDir Path folder;

  @Test
  void aDeadReplicasTaskIsTakenOverAndWhatItDidNotAnnounceIsAnnouncedOnce() throws Exception {
    try (FakeInference inference = new FakeInference()) {
      StageHandoff handoff;
      try (MosHarness mos = MosHarness.start(inference, folder)) {
        // Nobody serves it yet, so that it waits in the shadow.
        handoff = mos.handoff("restarted", "1.0.0", ROWS);
        mos.publish(handoff);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> mos.bean(Deployments.class).find("restarted", State.SHADOW).isPresent());
      }
      // A replica that died: its task stays picked, and its last transition unannounced.
      sql(
          "UPDATE mos.scheduled_tasks SET picked = true, picked_by = 'dead', execution_time = now()"
              + " - interval '1 minute', last_heartbeat = now() - interval '1 minute'",
          "UPDATE mos.transitions SET announced = false WHERE run_id = '" + handoff.runId() + "'");
      inference.serve("restarted", "1.0.0", x -> x);
      try (MosHarness mos = MosHarness.start(inference, folder)) {
        List<PipelineEvent> events = mos.awaitEnd(handoff);
        assertThat(events.stream().map(PipelineEvent::eventId).distinct())
            .as("a repeated announcement has the id of the first")
            .hasSize(9);
      }
    }
  }

  @Test
  void aCrashBetweenRowAndBrokerLosesNoEvent() throws Exception {
    try (FakeInference inference = new FakeInference()) {
      StageHandoff handoff;
      try (MosHarness mos = MosHarness.start(inference, folder)) {
        handoff = mos.handoff("crashed", "1.0.0", ROWS);
        mos.publish(handoff);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> mos.bean(Deployments.class).find("crashed", State.SHADOW).isPresent());
      }
      // The row was written, and the process died before it could send anything.
      sql(
          "UPDATE mos.deployments SET state = 'PRODUCTION' WHERE run_id = '"
              + handoff.runId()
              + "'",
          "INSERT INTO mos.transitions (run_id, from_state, to_state, revision, reason, at) VALUES"
              + " ('"
              + handoff.runId()
              + "', 'canary 100 %', 'production', 2, 'passed', now())");
      try (MosHarness mos = MosHarness.start(inference, folder)) {
        assertThat(mos.awaitEnd(handoff)).filteredOn(Promoted.class::isInstance).hasSize(1);
        assertThat(mos.bean(Deployments.class).unannounced()).isEmpty();
      }
    }
  }

  @Test
  void theLoserOfARaceForATransitionChangesNothing() throws Exception {
    try (FakeInference inference = new FakeInference();
        MosHarness mos = MosHarness.start(inference, folder)) {
      Deployments deployments = mos.bean(Deployments.class);
      StageHandoff handoff = mos.handoff("raced", "1.0.0", ROWS);
      mos.publish(handoff);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> deployments.find("raced", State.SHADOW).isPresent());
      Deployment seen = deployments.find("raced", State.SHADOW).orElseThrow();

      assertThat(deployments.move(seen, Position.at(State.ROLLED_BACK), "by hand")).isTrue();
      assertThat(deployments.move(seen, new Position(State.CANARY, 0), "passed")).isFalse();
      assertThat(deployments.transitions("raced"))
          .extracting(Transition::to)
          .containsExactly("shadow", "rolled back");
    }
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                SharedPlatform.get().database().jdbcUrl(), "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }
}
