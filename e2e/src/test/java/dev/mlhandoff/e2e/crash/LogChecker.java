package dev.mlhandoff.e2e.crash;

import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.GateVerdict;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.GateEvaluated;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.PipelineEvent.RunAccepted;
import dev.mlhandoff.messages.PipelineEvent.StageCompleted;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.RunIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Holds the records of a system at rest against what it promises, whatever crashed before: one
 * outcome a request, nothing handed over twice, nothing named that is not there.
 */
final class LogChecker {

  private static final String DEAD_LETTERS = ".dlt";

  private static final Set<String> HANDOFF_TOPICS =
      Topics.all().stream()
          .filter(topic -> topic.valueType() == StageHandoff.class)
          .map(Topic::name)
          .collect(Collectors.toUnmodifiableSet());

  private final ArtifactStore store;
  private final List<String> violations = new ArrayList<>();

  private LogChecker(ArtifactStore store) {
    this.store = store;
  }

  /**
   * What is wrong, one sentence each; empty if everything holds.
   *
   * @param records every committed record of every topic, each partition in its order
   * @param store where the artifacts are
   */
  static List<String> check(List<LoggedRecord> records, ArtifactStore store) throws IOException {
    LogChecker checker = new LogChecker(store);
    List<PipelineEvent> events = new ArrayList<>();
    List<ProjectOutcome> outcomes = new ArrayList<>();
    for (LoggedRecord record : records) {
      checker.read(record, events, outcomes);
    }
    checker.outcomes(records, events, outcomes);
    checker.handoffs(records);
    checker.completions(records, events, outcomes);
    checker.routes(records);
    checker.artifacts(records);
    return checker.violations;
  }

  private void read(
      LoggedRecord record, List<PipelineEvent> events, List<ProjectOutcome> outcomes) {
    try {
      if (record.topic().equals(Topics.PIPELINE_EVENTS.name())) {
        events.add(Json.read(record.bytes(), PipelineEvent.class));
      } else if (record.topic().equals(Topics.PROJECT_OUTCOMES.name())) {
        ProjectOutcome outcome = Json.read(record.bytes(), ProjectOutcome.class);
        outcomes.add(outcome);
        if (!outcome.runId().equals(record.key())) {
          violations.add("the outcome " + record.place() + " is not keyed by its run");
        }
      }
    } catch (JacksonException e) {
      violations.add(record.place() + " cannot be read");
    }
  }

  /** Each request has one outcome, and each outcome a request or a run that retrains. */
  private void outcomes(
      List<LoggedRecord> records, List<PipelineEvent> events, List<ProjectOutcome> outcomes) {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (LoggedRecord record : records) {
      if (record.topic().equals(Topics.PROJECT_REQUESTS.name())) {
        found.put(runId(record), 0);
      }
    }
    for (PipelineEvent event : events) {
      if (event instanceof RunAccepted accepted && accepted.parentRunId() != null) {
        found.put(accepted.runId(), 0);
      }
    }
    for (ProjectOutcome outcome : outcomes) {
      if (!found.containsKey(outcome.runId())) {
        violations.add(outcome.runId() + " has an outcome but was never requested");
      }
      found.merge(outcome.runId(), 1, Integer::sum);
    }
    found.forEach(
        (run, count) -> {
          if (count != 1) {
            violations.add(run + " has " + count + " outcomes");
          }
        });
  }

  /** Nobody is asked twice for the same attempt of the same stage of the same run. */
  private void handoffs(List<LoggedRecord> records) {
    Map<String, LoggedRecord> first = new HashMap<>();
    for (LoggedRecord record : records) {
      if (!HANDOFF_TOPICS.contains(record.topic())) {
        continue;
      }
      try {
        StageHandoff handoff = Json.read(record.bytes(), StageHandoff.class);
        String asked =
            "%s attempt %d of %s on %s"
                .formatted(handoff.phase(), handoff.attempt(), handoff.runId(), record.topic());
        LoggedRecord earlier = first.putIfAbsent(asked, record);
        if (earlier != null) {
          violations.add(
              "%s was handed over twice: %s and %s"
                  .formatted(asked, earlier.place(), record.place()));
        }
      } catch (JacksonException e) {
        violations.add(record.place() + " cannot be read");
      }
    }
  }

  /** A completed run has delivered every stage, passed the gate and left a card. */
  private void completions(
      List<LoggedRecord> records, List<PipelineEvent> events, List<ProjectOutcome> outcomes) {
    Set<String> done = new HashSet<>();
    for (PipelineEvent event : events) {
      if (event instanceof StageCompleted completed) {
        done.add(completed.runId() + " " + completed.deliverable().stage());
      } else if (event instanceof GateEvaluated gate && gate.verdict() == GateVerdict.PASSED) {
        done.add(gate.runId() + " pass of the quality gate");
      } else if (event instanceof Rejected rejected) {
        done.add(rejected.runId() + " rejection");
      }
    }
    for (LoggedRecord record : records) {
      if (record.topic().equals(Topics.MODEL_CARDS.name())) {
        done.add("card " + record.key());
      }
    }
    for (ProjectOutcome outcome : outcomes) {
      String run = outcome.answeredBy();
      List<String> needed = new ArrayList<>();
      if (outcome.status() == Status.COMPLETED) {
        StageIds.OF_THE_CARD.forEach(stage -> needed.add(run + " " + stage));
        needed.add(run + " pass of the quality gate");
        needed.add("card " + outcome.cardKey());
      } else {
        needed.add(run + " rejection");
      }
      for (String what : needed) {
        if (!done.contains(what)) {
          violations.add("%s is %s without: %s".formatted(outcome.runId(), outcome.status(), what));
        }
      }
    }
  }

  /** What serves is never set back to an older revision. */
  private void routes(List<LoggedRecord> records) {
    Map<String, Long> last = new HashMap<>();
    for (LoggedRecord record : records) {
      if (record.topic().equals(Topics.SERVING_ROUTES.name()) && !record.value().isEmpty()) {
        RouteTable table = Json.read(record.bytes(), RouteTable.class);
        Long before = last.put(table.modelId(), table.revision());
        if (before != null && table.revision() < before) {
          violations.add(
              "%s sets the route of %s back from revision %d to %d"
                  .formatted(record.place(), table.modelId(), before, table.revision()));
        }
      }
    }
  }

  /** Whatever any record names is in the store, with its size and digest. */
  private void artifacts(List<LoggedRecord> records) throws IOException {
    Set<ArtifactRef> checked = new HashSet<>();
    for (LoggedRecord record : records) {
      if (record.topic().equals(Topics.PROJECT_REQUESTS.name())
          || record.topic().endsWith(DEAD_LETTERS)
          || record.value().isEmpty()) {
        continue;
      }
      try {
        artifacts(Json.tree(record.bytes()), record, checked);
      } catch (JacksonException e) {
        violations.add(record.place() + " is not JSON");
      }
    }
  }

  private void artifacts(JsonNode node, LoggedRecord record, Set<ArtifactRef> checked)
      throws IOException {
    if (node.hasNonNull("uri") && node.hasNonNull("sha256")) {
      ArtifactRef ref = Json.convert(node, ArtifactRef.class);
      if (checked.add(ref)) {
        artifact(ref, record);
      }
    }
    for (JsonNode child : node) {
      artifacts(child, record, checked);
    }
  }

  private void artifact(ArtifactRef ref, LoggedRecord record) throws IOException {
    try {
      int size = store.read(ref).length;
      if (size != ref.bytes()) {
        violations.add(
            "%s names %s with %d bytes; it has %d"
                .formatted(record.place(), ref.uri(), ref.bytes(), size));
      }
    } catch (RejectionException e) {
      violations.add("%s names %s: %s".formatted(record.place(), ref.uri(), e.reason()));
    }
  }

  private static String runId(LoggedRecord request) {
    return RunIds.of(request.topic(), request.partition(), request.offset(), request.timestamp());
  }
}
