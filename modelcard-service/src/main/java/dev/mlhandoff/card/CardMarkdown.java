package dev.mlhandoff.card;

import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import java.util.Map;
import org.springframework.web.util.HtmlUtils;

/** A card as Markdown. Everything shown is escaped. */
final class CardMarkdown {

  private CardMarkdown() {}

  static String of(ModelCard card) {
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

  private static String title(String key) {
    String words = key.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static String escaped(Object value) {
    return HtmlUtils.htmlEscape(String.valueOf(value));
  }
}
