package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CardMarkdownTest {

  private static final String DIGEST = "a".repeat(64);

  @Test
  void writesSectionsInTheOrderOfModelCardsTablesForChecksAndDigestsAtTheEnd() {
    String markdown =
        CardMarkdown.of(
            card(
                Map.of(
                    "deployment",
                    Map.of("summary", "In <b>production</b>.", "metrics", Map.of()),
                    "ethical_considerations",
                    Map.of(
                        "audit_verdict",
                        "PASSED",
                        "checks",
                        List.of(
                            Map.of(
                                "finding",
                                "none | at all",
                                "id",
                                "no-leak",
                                "numbers",
                                Map.of("auc", 0.48358585, "rows", 799.0),
                                "evidence",
                                Map.of("bundle", DIGEST),
                                "remediation",
                                ""))),
                    "metrics",
                    Map.of(
                        "threshold",
                        0.65,
                        "reasons",
                        List.of("good", "enough"),
                        "evidence_sha256",
                        Map.of("gate-report", DIGEST)))));

    assertThat(markdown.lines())
        .containsExactly(
            "# Churn 1.0.0",
            "",
            "Quality score 0.7155, status production.",
            "",
            "| stage | persona | summary length |",
            "|---|---|---|",
            "| training | ESC | 7 |",
            "",
            "## Metrics",
            "",
            "- reasons: good; enough",
            "- threshold: 0.6500",
            "",
            "## Ethical considerations",
            "",
            "- audit_verdict: PASSED",
            "",
            "### checks",
            "",
            "| id | finding | numbers |",
            "|---|---|---|",
            "| no-leak | none \\| at all | auc 0.4836, rows 799 |",
            "",
            "## Deployment",
            "",
            "In \\<b\\>production\\</b\\>.",
            "",
            "## Evidence",
            "",
            "| artifact | SHA-256 |",
            "|---|---|",
            "| metrics: gate-report | `" + DIGEST + "` |",
            "",
            "Evidence digest `" + DIGEST + "`");
    assertThat(Markdown.html(markdown)).contains("<td>none | at all</td>");
  }

  private static ModelCard card(Map<String, Object> evidence) {
    return new ModelCard(
        "Churn",
        "1.0.0",
        List.of(new PipelineStage("training", "ESC", 7)),
        0.7155,
        "production",
        new TreeMap<>(evidence),
        DIGEST,
        new TreeMap<>());
  }
}
