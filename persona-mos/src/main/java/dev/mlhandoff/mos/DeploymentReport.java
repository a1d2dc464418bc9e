package dev.mlhandoff.mos;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.mos.rollout.Position.State;
import dev.mlhandoff.mos.rollout.StepJudge;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.StageKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what MOS delivers of a version that reached production; the same each time. */
final class DeploymentReport {

  private final ArtifactStore artifacts;
  private final MonitoringProperties monitoring;

  DeploymentReport(ArtifactStore artifacts, MonitoringProperties monitoring) {
    this.artifacts = artifacts;
    this.monitoring = monitoring;
  }

  Deliverable write(StageHandoff handoff, List<Transition> taken) throws IOException {
    List<Integer> steps = handoff.request().rollout().steps();
    SortedMap<String, Object> spec = new TreeMap<>();
    spec.put("strategy", "blue-green with shadow and canary");
    spec.put("stepsPercent", steps);
    spec.put("judges", StepJudge.ASPECTS);
    spec.put(
        "transitions",
        taken.stream()
            .map(step -> Map.of("from", step.from(), "to", step.to(), "reason", step.reason()))
            .toList());
    spec.put("monitoring", monitoring.plan());
    spec.put("latencyTargetMs", handoff.request().requirements().latencyTargetMs());
    String summary = summary(handoff, taken);
    String markdown =
        "# Deployment\n\n"
            + summary
            + "\n\n## Judges\n\n- "
            + String.join("\n- ", StepJudge.ASPECTS)
            + "\n\n## Steps\n\n- "
            + taken.stream()
                .map(step -> step.from() + " to " + step.to() + ": " + step.reason())
                .collect(Collectors.joining("\n- "))
            + "\n\n## Monitoring\n\n- "
            + monitoring.plan().entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n- "));
    SortedMap<String, ArtifactRef> written = new TreeMap<>();
    written.put("spec", write(handoff, "deployment-spec.json", Json.writePretty(spec)));
    written.put(
        "spec-md",
        write(handoff, "deployment-spec.md", (markdown + "\n").getBytes(StandardCharsets.UTF_8)));
    return Deliverable.of(
        StageIds.DEPLOYMENT, "MOS", handoff.attempt(), summary, written, Map.of());
  }

  private static String summary(StageHandoff handoff, List<Transition> taken) {
    Map<String, List<String>> judged = new LinkedHashMap<>();
    for (Transition step : taken) {
      if (step.leftState() == State.SHADOW || step.leftState() == State.CANARY) {
        judged.computeIfAbsent(step.reason(), reason -> new ArrayList<>()).add(step.from());
      }
    }
    return "Brought version %s into production: %s. Each step was judged by errors, latency, prediction shift, calibration and quality."
        .formatted(
            handoff.version(),
            judged.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining("; ")));
  }

  private ArtifactRef write(StageHandoff handoff, String name, byte[] content) throws IOException {
    String digest = Digests.sha256(content);
    String key =
        StageKeys.folder(handoff.runId(), StageIds.DEPLOYMENT, handoff.attempt())
            + digest.substring(0, 16)
            + "/"
            + name;
    String mediaType = name.endsWith(".json") ? "application/json" : "text/markdown";
    Path file = Files.createTempFile("spec", ".tmp");
    try {
      Files.write(file, content);
      artifacts.put(key, file, mediaType);
    } finally {
      Files.delete(file);
    }
    return new ArtifactRef(artifacts.uri(key), digest, content.length, mediaType);
  }
}
