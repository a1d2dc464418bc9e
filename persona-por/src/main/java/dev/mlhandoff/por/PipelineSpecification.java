package dev.mlhandoff.por;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import java.util.List;

/** The data pipeline in words and tables, computed from what ran. */
final class PipelineSpecification {

  private PipelineSpecification() {}

  static String summary(DatasetDescription description, List<CheckResult> checks, int nodes) {
    long failed = checks.stream().filter(check -> !check.passed()).count();
    return ("Ran a pipeline of %d nodes over %s: %s. The target is %s, true for %.1f %% of the"
            + " entities. %d of %d data-quality checks passed.")
        .formatted(
            nodes,
            description.dataset(),
            description.counts(),
            description.label(),
            100 * description.prevalence(),
            checks.size() - failed,
            checks.size());
  }

  static String markdown(String summary, Dag dag, List<CheckResult> checks) {
    StringBuilder text = new StringBuilder("# Data pipeline\n\n" + summary + "\n\n```mermaid\n");
    text.append(dag.mermaid()).append("```\n\n| node | what it does | rows in | rows out |\n");
    text.append("|---|---|---|---|\n");
    for (Dag.Node node : dag.nodes()) {
      text.append(
          "| %s | %s | %s | %d |%n"
              .formatted(node.name(), node.description(), node.rowsIn(), node.rowsOut()));
    }
    text.append("\n| check | severity | passed | observed | expected |\n|---|---|---|---|---|\n");
    for (CheckResult check : checks) {
      text.append(
          "| %s | %s | %s | %s | %s |%n"
              .formatted(
                  check.check(),
                  check.severity(),
                  check.passed(),
                  check.observed(),
                  check.expected()));
    }
    return text.toString();
  }
}
