package dev.mlhandoff.card;

import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import java.util.Map;
import org.springframework.web.util.HtmlUtils;

/** A card for people: as Markdown, and as one self-contained page. Everything shown is escaped. */
final class CardPages {

  private CardPages() {}

  static String markdown(ModelCard card) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(escaped(card.modelName())).append(' ').append(card.version());
    text.append(
        "\n\nQuality score %.4f, status %s.%n%n"
            .formatted(card.qualityScore(), card.deploymentStatus()));
    text.append("| stage | persona | summary length |\n|---|---|---|\n");
    for (PipelineStage stage : card.pipelineStages()) {
      text.append(
          "| %s | %s | %d |%n".formatted(stage.stage(), stage.persona(), stage.summaryLength()));
    }
    for (Map.Entry<String, Object> section : card.evidence().entrySet()) {
      text.append("\n## ").append(title(section.getKey())).append("\n\n");
      markdown(text, section.getValue(), 0);
    }
    text.append("\nEvidence digest `").append(card.evidenceDigest()).append("`\n");
    return text.toString();
  }

  static String html(ModelCard card) {
    StringBuilder page =
        new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
    page.append("<meta name=\"viewport\" content=\"width=device-width\"><title>");
    page.append(escaped(card.modelName())).append("</title><style>");
    page.append(
        ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;"
            + "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}"
            + "td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8886;"
            + "overflow-wrap:anywhere;vertical-align:top}th{width:14rem}</style>");
    page.append("<h1>").append(escaped(card.modelName())).append(' ').append(card.version());
    page.append(
        "</h1><p>Quality score <strong>%.4f</strong>, status <strong>%s</strong>.</p>"
            .formatted(card.qualityScore(), escaped(card.deploymentStatus())));
    page.append("<table><tr><th>stage</th><th>persona</th><th>summary length</th></tr>");
    for (PipelineStage stage : card.pipelineStages()) {
      page.append(
          "<tr><td>%s</td><td>%s</td><td>%d</td></tr>"
              .formatted(stage.stage(), stage.persona(), stage.summaryLength()));
    }
    page.append("</table>");
    for (Map.Entry<String, Object> section : card.evidence().entrySet()) {
      page.append("<h2>").append(title(section.getKey())).append("</h2>");
      html(page, section.getValue());
    }
    page.append("<p>Evidence digest <code>").append(card.evidenceDigest()).append("</code></p>");
    return page.append("</html>").toString();
  }

  private static void markdown(StringBuilder text, Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append("  ".repeat(depth)).append("- ").append(escaped(entry.getKey())).append(": ");
        if (entry.getValue() instanceof Map<?, ?> nested) {
          text.append('\n');
          markdown(text, nested, depth + 1);
        } else {
          text.append(escaped(entry.getValue())).append('\n');
        }
      }
    } else {
      text.append(escaped(value)).append('\n');
    }
  }

  private static void html(StringBuilder page, Object value) {
    if (value instanceof Map<?, ?> map) {
      page.append("<table>");
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        page.append("<tr><th>").append(escaped(entry.getKey())).append("</th><td>");
        html(page, String.valueOf(entry.getValue()).isEmpty() ? "" : entry.getValue());
        page.append("</td></tr>");
      }
      page.append("</table>");
    } else {
      page.append(escaped(value));
    }
  }

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String escaped(Object value) {
    return HtmlUtils.htmlEscape(String.valueOf(value));
  }
}
