package dev.mlhandoff.far;

import dev.mlhandoff.far.PartnerFeatures.Imported;
import dev.mlhandoff.far.features.FeatureDefinition;
import dev.mlhandoff.far.features.FeatureDefinition.Origin;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.StageHandoff;
import dev.mlhandoff.runtime.Persona;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The feature-store specification of a run.
 *
 * @param definitions of all candidates, imported ones last
 * @param leftOut columns that can be no feature
 */
record FeatureSpecification(
    StageHandoff handoff,
    List<FeatureDefinition> definitions,
    List<String> leftOut,
    List<Imported> imports,
    long rows) {

  /** In a few sentences; equal for equal work. */
  String summary() {
    long fromEvents =
        definitions.stream().filter(d -> d.sources().get(0).startsWith("events.")).count();
    StringBuilder text =
        new StringBuilder(
            ("Computed %d candidate features for %d entities, %d of them from events up to the as-of"
                    + " date; none is fitted. Training keeps the top %d inside each fold.")
                .formatted(
                    definitions.size() - imported(),
                    rows,
                    fromEvents,
                    handoff.request().requirements().topFeatures()));
    long declared = definitions.stream().filter(d -> d.declared() != null).count();
    if (declared > 0) {
      text.append(" Declared by the operator: %d of them.".formatted(declared));
    }
    for (Imported one : imports) {
      text.append(
          " Imported %d features of the project %s: %s."
              .formatted(
                  one.definitions().size(),
                  one.granted().view().project(),
                  one.report().sentence()));
    }
    return text.toString();
  }

  SortedMap<String, Double> metrics() {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("candidates", (double) definitions.size());
    if (!imports.isEmpty()) {
      metrics.put("imported", (double) imported());
      metrics.put(
          "matched_share",
          imports.stream().mapToDouble(one -> one.report().matchedShare()).min().orElse(0));
    }
    return metrics;
  }

  /** For machines. */
  SortedMap<String, Object> content(List<FeatureView> views, String featureDigest) {
    SortedMap<String, Object> content = new TreeMap<>();
    content.put("persona", Persona.of("FAR"));
    content.put("view", handoff.modelId());
    content.put("entityKey", "entity_key");
    content.put("offlineSha256", featureDigest);
    content.put("online", "far.online_features");
    content.put("features", definitions);
    content.put("leftOut", leftOut);
    content.put("views", names(views));
    content.put(
        "imports",
        imports.stream()
            .map(one -> Map.of("view", one.granted().view().key(), "report", one.report()))
            .toList());
    return content;
  }

  /** For people. */
  String markdown(List<FeatureView> views) {
    StringBuilder text = new StringBuilder("# Feature store\n\n" + summary() + "\n\n");
    text.append("| feature | kind | definition | source columns |\n|---|---|---|---|\n");
    for (FeatureDefinition definition : definitions) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  definition.name(),
                  definition.kind(),
                  definition.description() + origin(definition),
                  String.join(", ", definition.sources())));
    }
    if (!leftOut.isEmpty()) {
      text.append(
              "\nLeft out, as they only name the rows, are neither number, text nor date, are dates without an as-of date, or vary as much within an entity as between entities: ")
          .append(String.join(", ", leftOut))
          .append(".\n");
    }
    text.append("\nRegistered as ")
        .append(String.join(" and ", names(views)))
        .append("; imported features are not registered again.\n");
    return text.toString();
  }

  private static String origin(FeatureDefinition definition) {
    Origin declared = definition.declared();
    if (declared == null) {
      return "";
    }
    return " (declared as %s%s%s%s)"
        .formatted(
            declared.as(),
            declared.owner() == null ? "" : ", owner " + declared.owner(),
            declared.tags().isEmpty() ? "" : ", tags " + String.join(", ", declared.tags()),
            declared.timeToLiveDays() == null
                ? ""
                : ", counts " + declared.timeToLiveDays() + " days");
  }

  /** Without the version, which differs between equal runs. */
  private static List<String> names(List<FeatureView> views) {
    return views.stream().map(view -> view.project() + "/" + view.name()).toList();
  }

  private int imported() {
    return imports.stream().mapToInt(one -> one.definitions().size()).sum();
  }
}
