package dev.mlhandoff.e2e.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.e2e.process.ServiceProcess;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.platform.SharedPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas share the trials of a run, and one may die in the middle. */
class FanOutTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  @Test
  void endsOnceAndFindsTheSameThoughAReplicaIsKilled() throws Exception {
    String shared = "run-00000000000000aa";
    String alone = "run-00000000000000bb";
    try (FanOut fanOut = new FanOut(SharedPlatform.get(), folder, 4000);
        ServiceProcess survivor = EscReplica.start(SharedPlatform.get(), folder, "survivor");
        ServiceProcess victim = EscReplica.start(SharedPlatform.get(), folder, "victim")) {
      fanOut.awaitReplicas(2);
      fanOut.submit(shared);
      await("both at work")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> both(fanOut, shared));
      victim.kill();
      List<StageHandoff> handoffs = fanOut.handedOver(shared, PATIENCE);

      assertThat(handoffs).as(survivor.output()).hasSize(1);
      assertThat(fanOut.results(shared)).hasSize(FanOut.TRIALS);
      assertThat(fanOut.results(shared).values())
          .allMatch(result -> result.status() == TrialResult.Status.COMPLETED);
      assertThat(fanOut.results(shared).values())
          .extracting(TrialResult::worker)
          .contains("survivor", "victim");

      fanOut.submit(alone);
      StageHandoff single = fanOut.handedOver(alone, PATIENCE).get(0);
      assertThat(fanOut.results(alone).values())
          .extracting(TrialResult::worker)
          .containsOnly("survivor");
      assertThat(digests(single)).isEqualTo(digests(handoffs.get(0)));
      // Nothing came late: still one handoff each.
      assertThat(fanOut.handedOver(shared, Duration.ofSeconds(3))).hasSize(1);
    }
  }

  private static boolean both(FanOut fanOut, String runId) throws Exception {
    List<String> workers =
        fanOut.results(runId).values().stream().map(TrialResult::worker).toList();
    return workers.size() < FanOut.TRIALS
        && workers.contains("victim")
        && workers.contains("survivor");
  }

  /** Digests of what an attempt delivers, without the times and names of who did it. */
  private static SortedMap<String, String> digests(StageHandoff handoff) {
    SortedMap<String, String> digests = new TreeMap<>();
    handoff.deliverable(StageIds.TRAINING).artifacts().entrySet().stream()
        .filter(Predicate.not(entry -> entry.getKey().endsWith("-metadata")))
        .forEach(entry -> digests.put(entry.getKey(), sha256(entry.getValue())));
    return digests;
  }

  private static String sha256(ArtifactRef ref) {
    return ref.sha256();
  }
}
