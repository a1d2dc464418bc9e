package dev.mlhandoff.card;

import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.figures.Graph;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.MonitoringWindow;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Route;
import dev.mlhandoff.messages.StageIds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the artifacts of a run, and the routes of its model, say beside its events.
 *
 * @param pipeline the nodes of the data pipeline as they ran
 * @param quality the data-quality checks
 * @param report the experiment report of the newest attempt
 * @param routes which versions of the model serve now
 * @param windows what monitoring found of the version, the oldest first
 */
record RunEvidence(
    JsonNode pipeline,
    JsonNode quality,
    JsonNode report,
    List<Route> routes,
    List<MonitoringWindow> windows) {

  private static final int SHOWN = 20;

  static RunEvidence of(
      RunRecord run, CardBook cards, MonitoringHistory monitoring, EvidenceReader reader) {
    String modelId = run.summary().modelId();
    return new RunEvidence(
        reader.json(newest(run, StageIds.DATA_PIPELINE, "spec")).path("dag"),
        reader.json(newest(run, StageIds.DATA_PIPELINE, "data-quality")),
        reader.json(newest(run, StageIds.TRAINING, "experiment-report")),
        modelId == null
            ? List.of()
            : cards.routes(modelId).map(RouteTable::routes).orElse(List.of()),
        monitoring.of(run.summary().runId()));
  }

  /** Drift over time; null before there is something to compare. */
  @Nullable Figure drift() {
    return DriftFigure.of(windows);
  }

  /** The data pipeline drawn; each node with the rows that it gave. */
  Graph graph() {
    List<Graph.Node> nodes = new ArrayList<>();
    for (JsonNode node : pipeline) {
      List<String> inputs = new ArrayList<>();
      node.path("inputs").forEach(input -> inputs.add(input.asString("")));
      nodes.add(
          new Graph.Node(
              node.path("name").asString(""),
              Format.count(node.path("rowsOut").asLong()) + " rows",
              inputs));
    }
    return new Graph(nodes);
  }

  /** Some of the windows, the newest first. */
  List<MonitoringWindow> latestWindows() {
    List<MonitoringWindow> latest =
        new ArrayList<>(windows.subList(Math.max(0, windows.size() - SHOWN), windows.size()));
    Collections.reverse(latest);
    return latest;
  }

  private static @Nullable ArtifactRef newest(RunRecord run, String stage, String role) {
    ArtifactRef found = null;
    for (StageRecord made : run.stages()) {
      if (made.stage().equals(stage) && made.artifacts().containsKey(role)) {
        found = made.artifacts().get(role);
      }
    }
    return found;
  }
}
