package dev.mlhandoff.cli;

import dev.mlhandoff.esc.AttemptReplay;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.tracking.ReplayResult;
import dev.mlhandoff.tracking.mlflow.MlflowServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Replays what a run wrote into its journals into an MLflow server; may be repeated. */
@Command(
    name = "track",
    mixinStandardHelpOptions = true,
    description =
        "Replay a run's experiments into an MLflow server; what it has already is left alone.")
final class TrackCommand implements Callable<Integer> {

  @Parameters(paramLabel = "RUN", description = "a run id")
  private String run;

  @Option(
      names = "--to",
      required = true,
      defaultValue = "${env:MLFLOW_TRACKING_URI}",
      description = "address of the server (default: MLFLOW_TRACKING_URI)")
  private URI server;

  @Option(
      names = "--user",
      defaultValue = "${env:MLFLOW_TRACKING_USERNAME}",
      description =
          "for Basic authentication; the password is MLFLOW_TRACKING_PASSWORD (default:"
              + " MLFLOW_TRACKING_USERNAME)")
  private @Nullable String user;

  @Option(names = "--json", description = "print what is tracked as JSON")
  private boolean json;

  @Mixin private ArtifactOptions artifacts;

  @Override
  public Integer call() throws Exception {
    AttemptReplay replay =
        new AttemptReplay(
            artifacts.store(),
            MlflowServer.at(server, user, System.getenv("MLFLOW_TRACKING_PASSWORD")));
    List<Deliverable> attempts =
        attempts(Json.tree(Rest.get(artifacts.cards() + "/runs/" + Rest.id(run))));
    if (attempts.isEmpty()) {
      throw new IOException(run + " has no journal: it has not come through training yet");
    }
    List<ReplayResult> results = new ArrayList<>();
    for (Deliverable attempt : attempts) {
      ReplayResult result = replay.replay(attempt);
      results.add(result);
      if (!json) {
        System.out.println(
            "attempt %d: %d runs, %d of them new; experiment %s, run %s"
                .formatted(
                    attempt.attempt(),
                    result.runs(),
                    result.created(),
                    result.experiment(),
                    result.run()));
      }
    }
    if (json) {
      System.out.write(Json.writePretty(results));
      System.out.println();
    }
    return HandoffCommand.DONE;
  }

  /** What the attempts of a run delivered, from the run's record. */
  static List<Deliverable> attempts(JsonNode record) {
    List<Deliverable> attempts = new ArrayList<>();
    for (JsonNode stage : record.path("stages")) {
      Map<String, ArtifactRef> refs = new TreeMap<>();
      stage
          .path("artifacts")
          .properties()
          .forEach(e -> refs.put(e.getKey(), Json.convert(e.getValue(), ArtifactRef.class)));
      Deliverable delivered =
          Deliverable.of(
              stage.path("stage").asString(""),
              stage.path("persona").asString(""),
              stage.path("attempt").asInt(1),
              stage.path("summary").asString(""),
              refs,
              Map.of());
      if (delivered.stage().equals(StageIds.TRAINING) && AttemptReplay.hasJournal(delivered)) {
        attempts.add(delivered);
      }
    }
    return attempts;
  }
}
