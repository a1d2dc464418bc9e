package dev.mlhandoff.por;

import dev.mlhandoff.data.Dag;
import dev.mlhandoff.por.pipeline.CheckResult;
import dev.mlhandoff.por.pipeline.ColumnLineage;
import dev.mlhandoff.por.pipeline.DataPipeline;
import dev.mlhandoff.por.pipeline.DatasetDescription;
import dev.mlhandoff.por.pipeline.OutlierFence;
import java.util.List;
import java.util.stream.Collectors;

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
            description.counts().entrySet().stream()
                .map(count -> count.getKey() + " " + count.getValue())
                .collect(Collectors.joining(", ")),
            description.label(),
            100 * description.prevalence(),
            checks.size() - failed,
            checks.size());
  }

  static String markdown(String summary, DataPipeline pipeline, List<CheckResult> checks) {
    Dag dag = pipeline.dag();
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
    text.append("\n| column | rule | source columns |\n|---|---|---|\n");
    for (ColumnLineage column : pipeline.lineage()) {
      text.append("| %s | %s | %s |%n".formatted(column.column(), column.rule(), sources(column)));
    }
    text.append(
        "\nOutliers lie beyond three interquartile ranges from the training part's quartiles. They"
            + " are flagged, not changed.\n\n| column | from | to | flagged |\n|---|---|---|---|\n");
    for (OutlierFence fence : pipeline.outlierFences()) {
      text.append(
          "| %s.%s | %s | %s | %d |%n"
              .formatted(
                  fence.source(), fence.column(), fence.lower(), fence.upper(), fence.flagged()));
    }
    return text.toString();
  }

  private static String sources(ColumnLineage column) {
    return column.sources().stream()
        .map(source -> source.source() + ": " + source.column())
        .collect(Collectors.joining(", "));
  }
}
