package dev.mlhandoff.card;

import static dev.mlhandoff.card.Page.escaped;

import dev.mlhandoff.card.RunRecord.StageRecord;
import dev.mlhandoff.card.RunRecord.Verdict;
import dev.mlhandoff.messages.ArtifactRef;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs as pages; the part inside {@code #live} is fetched again when something happened. */
final class BoardPage {

  private static final String STATE =
      "<p class=\"quiet\" aria-live=\"polite\">Updates: <span id=\"state\">connecting</span></p>";

  private BoardPage() {}

  static String runs(List<RunSummary> runs) {
    return Page.live(
        "Runs",
        "<header><p class=\"quiet\">ML Handoff</p><h1>Runs</h1>"
            + STATE
            + "</header><main><div id=\"live\">"
            + runsPart(runs)
            + "</div></main>");
  }

  static String runsPart(List<RunSummary> runs) {
    if (runs.isEmpty()) {
      return "<p>No request has been published yet.</p>";
    }
    StringBuilder rows = new StringBuilder();
    for (RunSummary run : runs) {
      rows.append(
          "<tr><td><a href=\"/board/runs/%s\">%s</a></td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"number\">%s</td></tr>"
              .formatted(
                  escaped(run.runId()),
                  escaped(run.name() == null ? run.runId() : run.name()),
                  badge(run.status().name(), run.code()),
                  escaped(stage(run)),
                  run.cardKey() == null
                      ? ""
                      : "<a href=\"/cards/%s?format=html\">%s</a>"
                          .formatted(escaped(run.cardKey()), escaped(run.cardKey())),
                  escaped(time(run.startedAt())),
                  escaped(seconds(run.elapsedMs()))));
    }
    return "<table class=\"stack\"><thead><tr><th scope=\"col\">project</th><th scope=\"col\">status</th><th scope=\"col\">stage</th><th scope=\"col\">card</th><th scope=\"col\">started</th><th scope=\"col\" class=\"number\">took</th></tr></thead><tbody>"
        + rows
        + "</tbody></table>";
  }

  static String run(RunRecord run) {
    String name = run.summary().name() == null ? run.summary().runId() : run.summary().name();
    return Page.live(
        name,
        "<header><p><a href=\"/\">All runs</a></p><h1>%s</h1><p class=\"quiet\">%s</p>%s</header><main><div id=\"live\">%s</div></main>"
            .formatted(escaped(name), escaped(run.summary().runId()), STATE, runPart(run)));
  }

  static String runPart(RunRecord run) {
    StringBuilder part = new StringBuilder("<p>");
    part.append(badge(run.summary().status().name(), run.summary().code()));
    if (run.summary().cardKey() != null) {
      part.append(
          " <a href=\"/cards/%s?format=html\">model card</a>"
              .formatted(escaped(run.summary().cardKey())));
    }
    part.append("</p>");
    if (run.outcome() != null && run.outcome().rejection() != null) {
      part.append("<p>").append(escaped(run.outcome().rejection().message())).append("</p>");
      run.outcome()
          .rejection()
          .history()
          .forEach(line -> part.append("<p class=\"quiet\">").append(escaped(line)).append("</p>"));
    }
    if (run.parked() != null) {
      part.append("<h2>Waits for a decision</h2>");
      run.parked()
          .reasons()
          .forEach(reason -> part.append("<p>").append(escaped(reason)).append("</p>"));
    }
    part.append(stages(run.stages()))
        .append(verdicts(run.verdicts()))
        .append(deployment(run))
        .append(artifacts(run.stages()));
    return part.toString();
  }

  private static String stages(List<StageRecord> stages) {
    long longest = stages.stream().mapToLong(BoardPage::total).max().orElse(1);
    StringBuilder rows = new StringBuilder();
    for (StageRecord stage : stages) {
      String said =
          stage.failure() != null
              ? stage.failure().code() + ": " + stage.failure().message()
              : stage.summary() != null
                  ? stage.summary()
                  : stage.progress() == null
                      ? ""
                      : "%.0f %%, %s".formatted(100 * stage.fraction(), stage.progress());
      rows.append(
          "<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td><td class=\"number\">%s</td><td>%s</td></tr>"
              .formatted(
                  escaped(stage.stage().replace('_', ' ')),
                  escaped(
                      stage.persona()
                          + (stage.attempt() > 1 ? ", attempt " + stage.attempt() : "")),
                  badge(stage.status().name(), null),
                  escaped(said),
                  escaped(seconds(stage.workMs())),
                  hop(stage, longest)));
    }
    return "<h2>Stages</h2><table class=\"stack\"><thead><tr><th scope=\"col\">stage</th><th scope=\"col\">persona</th><th scope=\"col\">status</th><th scope=\"col\">what was done</th><th scope=\"col\" class=\"number\">work</th><th scope=\"col\">queue, work, publish</th></tr></thead><tbody>"
        + rows
        + "</tbody></table>";
  }

  private static String hop(StageRecord stage, long longest) {
    if (stage.queueMs() == null || stage.workMs() == null || stage.publishMs() == null) {
      return "";
    }
    String words =
        "queue %d ms, work %d ms, publish %d ms"
            .formatted(stage.queueMs(), stage.workMs(), stage.publishMs());
    return "<div class=\"hop\" role=\"img\" title=\"%s\" aria-label=\"%s\"><i class=\"queue\" style=\"width:%s%%\"></i><i class=\"work\" style=\"width:%s%%\"></i><i class=\"publish\" style=\"width:%s%%\"></i></div>"
        .formatted(
            words,
            words,
            percent(stage.queueMs(), longest),
            percent(stage.workMs(), longest),
            percent(stage.publishMs(), longest));
  }

  private static String verdicts(List<Verdict> verdicts) {
    StringBuilder text = new StringBuilder();
    for (Verdict verdict : verdicts) {
      text.append(
          "<h3>Attempt %d: %s, %.4f against %.2f</h3>"
              .formatted(
                  verdict.attempt(),
                  escaped(verdict.verdict()),
                  verdict.score(),
                  verdict.threshold()));
      verdict
          .reasons()
          .forEach(reason -> text.append("<p>").append(escaped(reason)).append("</p>"));
    }
    return text.isEmpty() ? "" : "<h2>Quality gate</h2>" + text;
  }

  private static String deployment(RunRecord run) {
    StringBuilder rows = new StringBuilder();
    run.deployment()
        .forEach(
            step ->
                rows.append(
                    "<tr><td>%s</td><th scope=\"row\">%s</th><td>%s</td></tr>"
                        .formatted(
                            escaped(time(step.at())),
                            escaped(step.state()),
                            escaped(step.reason()))));
    return rows.isEmpty()
        ? ""
        : "<h2>Deployment</h2><table class=\"stack\"><thead><tr><th scope=\"col\">when</th><th scope=\"col\">state</th><th scope=\"col\">why</th></tr></thead><tbody>"
            + rows
            + "</tbody></table>";
  }

  private static String artifacts(List<StageRecord> stages) {
    StringBuilder rows = new StringBuilder();
    for (StageRecord stage : stages) {
      for (Map.Entry<String, ArtifactRef> artifact : stage.artifacts().entrySet()) {
        rows.append(
            "<tr><th scope=\"row\">%s %s</th><td class=\"number\">%,d bytes</td><td><code>%s</code></td></tr>"
                .formatted(
                    escaped(stage.stage().replace('_', ' ')),
                    escaped(artifact.getKey()),
                    artifact.getValue().bytes(),
                    escaped(artifact.getValue().sha256())));
      }
    }
    return rows.isEmpty()
        ? ""
        : "<h2>Artifacts</h2><details><summary>with size and SHA-256</summary><table class=\"stack\"><tbody>"
            + rows
            + "</tbody></table></details>";
  }

  private static String badge(String status, @Nullable String code) {
    String tone =
        switch (status) {
          case "COMPLETED" -> "good";
          case "REJECTED" -> "bad";
          default -> "wait";
        };
    return "<span class=\"badge %s\">%s</span>%s"
        .formatted(
            tone,
            escaped(status.toLowerCase(Locale.ROOT)),
            code == null ? "" : " <code>" + escaped(code) + "</code>");
  }

  private static String stage(RunSummary run) {
    if (run.stage() == null) {
      return run.answeredBy() == null ? "" : "repeats " + run.answeredBy();
    }
    return run.stage().replace('_', ' ') + (run.attempt() > 1 ? ", attempt " + run.attempt() : "");
  }

  private static long total(StageRecord stage) {
    return stage.queueMs() == null || stage.workMs() == null || stage.publishMs() == null
        ? 0
        : stage.queueMs() + stage.workMs() + stage.publishMs();
  }

  private static String percent(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f", whole == 0 ? 0 : 100.0 * part / whole);
  }

  private static String time(Instant instant) {
    return instant
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace('T', ' ')
        .replace("Z", " UTC");
  }

  private static String seconds(@Nullable Long milliseconds) {
    return milliseconds == null
        ? ""
        : String.format(Locale.ROOT, "%.1f s", Duration.ofMillis(milliseconds).toMillis() / 1000.0);
  }
}
