package dev.mlhandoff.gate;

import dev.mlhandoff.gate.governance.CheckIds;
import dev.mlhandoff.gate.governance.Finding;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Deliverable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether every stage so far left its summary and its specification. */
final class Documentation {

  private static final List<String> STAGES =
      List.of(
          StageIds.DATA_PIPELINE,
          StageIds.FEATURE_ENGINEERING,
          StageIds.TRAINING,
          StageIds.QUALITY_GATE);

  private Documentation() {}

  static Finding finding(StageHandoff handoff) {
    List<String> missing = new ArrayList<>();
    for (String stage : STAGES) {
      missing.addAll(missing(stage, handoff.find(stage).orElse(null)));
    }
    return Finding.of(
        CheckIds.DOCUMENTED,
        missing.isEmpty(),
        missing.isEmpty()
            ? "every stage has its summary and its specification"
            : "missing: " + String.join(", ", missing),
        Map.of("missing", (double) missing.size()),
        STAGES.stream().map(stage -> stage + "/spec-md").toArray(String[]::new));
  }

  private static List<String> missing(String stage, @Nullable Deliverable deliverable) {
    if (deliverable == null) {
      return List.of(stage);
    }
    List<String> missing = new ArrayList<>();
    if (deliverable.summary().isBlank()) {
      missing.add(stage + "/summary");
    }
    for (String role : List.of("spec", "spec-md")) {
      ArtifactRef document = deliverable.artifacts().get(role);
      if (document == null || document.bytes() == 0) {
        missing.add(stage + "/" + role);
      }
    }
    return missing;
  }
}
