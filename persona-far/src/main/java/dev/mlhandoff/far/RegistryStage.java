package dev.mlhandoff.far;

import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.FeatureView.Feature;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.MessageSchema;
import dev.mlhandoff.messages.VersionOrder;
import dev.mlhandoff.runtime.InputReader;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.Stage;
import dev.mlhandoff.runtime.StageContext;
import dev.mlhandoff.runtime.TransientException;
import dev.mlhandoff.runtime.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.dao.DataAccessException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Enters a view into the registry, and tells those that read an older version what is different.
 */
final class RegistryStage implements Stage<FeatureView, RegistryStage.Registered> {

  private static final MessageSchema SCHEMA = MessageSchema.of("feature-view");

  private final FeatureRegistry registry;
  private final OnlineImports imports;

  RegistryStage(FeatureRegistry registry, OnlineImports imports) {
    this.registry = registry;
    this.imports = imports;
  }

  /** What follows from a registration. */
  record Registered(List<Alert> alerts) {}

  /** Each view of a run is a piece of work of its own. */
  static InputReader<FeatureView> reader() {
    return record -> {
      try {
        JsonNode tree = Json.tree(record.value());
        List<MessageSchema.Violation> violations = SCHEMA.violations(tree);
        if (!violations.isEmpty()) {
          throw new RejectionException(
              "INVALID_HANDOFF", "the record is no feature view: " + violations.get(0), "");
        }
        FeatureView view = Json.convert(tree, FeatureView.class);
        return new Work<>(view.runId(), 1, view.name(), RunIds.source(record), null, view);
      } catch (JacksonException e) {
        throw new RejectionException("INVALID_HANDOFF", "the record is no feature view", "");
      }
    };
  }

  @Override
  public Registered run(FeatureView view, StageContext context) {
    try {
      registry.put(view);
      List<Alert> alerts = new ArrayList<>();
      for (OnlineImports.User user : imports.usersOf(view.project(), view.name())) {
        Optional<FeatureView> read = registry.find(view.project(), view.name(), user.viewVersion());
        if (read.isPresent() && VersionOrder.compare(view.version(), user.viewVersion()) > 0) {
          alerts.add(alert(user, read.get(), view, context));
        }
      }
      return new Registered(alerts);
    } catch (DataAccessException e) {
      throw new TransientException("the feature registry cannot be reached", e);
    }
  }

  private static Alert alert(
      OnlineImports.User user, FeatureView old, FeatureView view, StageContext context) {
    SortedMap<String, Double> statistics = new TreeMap<>();
    long gone = 0;
    long changed = 0;
    for (Feature feature : old.features()) {
      Optional<Feature> now = view.feature(feature.name());
      gone += now.isEmpty() ? 1 : 0;
      changed += now.isPresent() && !timeless(now.get()).equals(timeless(feature)) ? 1 : 0;
    }
    statistics.put("features_gone", (double) gone);
    statistics.put("features_redefined", (double) changed);
    String name = view.project() + "/" + view.name();
    return new Alert(
        user.modelId() + "/" + user.version() + "/FEATURE_VIEW/" + view.key(),
        context.clock().instant(),
        user.modelId(),
        user.version(),
        Alert.Kind.FEATURE_VIEW,
        Alert.Severity.WARNING,
        name,
        statistics,
        "%s %s reads version %s of %s; there is a version %s now, in which %d features are gone and %d are defined differently"
            .formatted(
                user.modelId(),
                user.version(),
                old.version(),
                name,
                view.version(),
                gone,
                changed));
  }

  /** The as-of date stands in the definitions; another day does not make another feature. */
  private static String timeless(Feature feature) {
    return feature.definition().replaceAll("DATE '\\d{4}-\\d{2}-\\d{2}'", "DATE");
  }
}
