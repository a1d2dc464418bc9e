package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ModelCard.PipelineStage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A card as Markdown: the sections of Mitchell et al. 2019 in their order, then how the model was
 * made and deployed, then the digests of all evidence in one table. Nothing in it is read as
 * markup.
 */
final class CardMarkdown {

  private static final List<String> FIRST =
      List.of(
          "model_details",
          "intended_use",
          "factors",
          "metrics",
          "evaluation_data",
          "training_data",
          "quantitative_analyses",
          "ethical_considerations",
          "caveats_and_recommendations");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*\\[\\]<>|&~]");
  private static final double SMALL = 0.001;

  private final StringBuilder text = new StringBuilder();
  private final List<String> digests = new ArrayList<>();

  private CardMarkdown() {}

  static String of(ModelCard card) {
    return new CardMarkdown().write(card);
  }

  private String write(ModelCard card) {
    text.append("# %s %s\n\n".formatted(escaped(card.modelName()), escaped(card.version())));
    text.append(
        "Quality score %.4f, status %s.\n\n"
            .formatted(card.qualityScore(), escaped(card.deploymentStatus())));
    text.append("| stage | persona | summary length |\n|---|---|---|\n");
    for (PipelineStage stage : card.pipelineStages()) {
      text.append(
          "| %s | %s | %d |\n".formatted(stage.stage(), stage.persona(), stage.summaryLength()));
    }
    JsonNode evidence = Json.tree(Json.write(card.evidence()));
    Set<String> sections = new LinkedHashSet<>(FIRST);
    sections.addAll(evidence.propertyNames());
    sections.forEach(name -> section(name, evidence.path(name)));
    text.append("\n## Evidence\n\n| artifact | SHA-256 |\n|---|---|\n");
    digests.forEach(text::append);
    text.append("\nEvidence digest `").append(card.evidenceDigest()).append("`\n");
    return text.toString();
  }

  private void section(String name, JsonNode content) {
    List<String> tables = new ArrayList<>();
    String summary = content.path("summary").asString("");
    String body = content.isObject() ? list(content, name, 0, tables) : inline(content);
    if (!summary.isEmpty()) {
      body = escaped(summary) + "\n" + (body.isEmpty() ? "" : "\n" + body);
    }
    if (!body.isEmpty() || !tables.isEmpty()) {
      String words = name.replace('_', ' ');
      text.append("\n## ").append(words.substring(0, 1).toUpperCase(Locale.ROOT));
      text.append(words.substring(1)).append("\n\n").append(body.stripTrailing());
      text.append('\n');
      tables.forEach(text::append);
    }
  }

  /** A line a value; digests and lists of objects are put elsewhere, empty values nowhere. */
  private String list(JsonNode object, String place, int depth, List<String> tables) {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      String start = "  ".repeat(depth) + "- " + escaped(key) + ":";
      if (isDigest(value)) {
        digests.add(
            "| %s: %s | `%s` |\n".formatted(escaped(place), escaped(key), value.asString()));
      } else if (value.isObject()) {
        String nested =
            list(
                value,
                key.equals("evidence_sha256") ? place : place + ", " + key,
                depth + 1,
                tables);
        lines.append(nested.isEmpty() ? "" : start + "\n" + nested);
      } else if (value.isArray() && value.path(0).isObject()) {
        tables.add(table(key, value));
      } else if (!inline(value).isEmpty() && !(depth == 0 && key.equals("summary"))) {
        lines.append(start).append(' ').append(inline(value)).append('\n');
      }
    }
    return lines.toString();
  }

  /** A row an object, with the columns that any of them has a value in. */
  private static String table(String name, JsonNode rows) {
    Set<String> columns = new LinkedHashSet<>();
    if (rows.path(0).has("id")) {
      columns.add("id");
    }
    for (JsonNode row : rows) {
      for (Map.Entry<String, JsonNode> cell : row.properties()) {
        if (!inline(cell.getValue()).isEmpty()) {
          columns.add(cell.getKey());
        }
      }
    }
    StringBuilder table = new StringBuilder("\n### ").append(escaped(name)).append("\n\n|");
    columns.forEach(column -> table.append(' ').append(escaped(column)).append(" |"));
    table.append("\n|").append("---|".repeat(columns.size())).append('\n');
    for (JsonNode row : rows) {
      table.append('|');
      columns.forEach(column -> table.append(' ').append(inline(row.path(column))).append(" |"));
      table.append('\n');
    }
    return table.toString();
  }

  /** A value in one line; digests are left out. */
  private static String inline(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .filter(entry -> !inline(entry.getValue()).isEmpty())
          .map(entry -> escaped(entry.getKey()) + " " + inline(entry.getValue()))
          .collect(Collectors.joining(", "));
    }
    if (value.isArray()) {
      return value
          .valueStream()
          .map(CardMarkdown::inline)
          .filter(part -> !part.isEmpty())
          .collect(Collectors.joining("; "));
    }
    return isDigest(value) || value.isNull() || value.isMissingNode() ? "" : scalar(value);
  }

  private static boolean isDigest(JsonNode value) {
    return value.isString() && DIGEST.matcher(value.asString()).matches();
  }

  private static String scalar(JsonNode value) {
    if (!value.isFloatingPointNumber()) {
      return escaped(value.asString());
    }
    double number = value.asDouble();
    String format =
        number == Math.rint(number) ? "%.0f" : Math.abs(number) < SMALL ? "%.2e" : "%.4f";
    return String.format(Locale.ROOT, format, number);
  }

  private static String escaped(String value) {
    return MARKUP.matcher(value.replaceAll("\\s+", " ")).replaceAll("\\\\$0");
  }
}
