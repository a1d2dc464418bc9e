package dev.mlhandoff.far;

import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The registered feature views, in PostgreSQL; what the topic holds, once it was read. */
final class FeatureRegistry {

  private static final String NEWEST_FIRST = "string_to_array(version, '.')::int[] DESC";

  private final JdbcClient jdbc;

  FeatureRegistry(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Adds a version; the same one again replaces it. */
  void put(FeatureView view) {
    insert(view, "UPDATE SET content = excluded.content");
  }

  /** Adds a version that is not there; one that is stays. */
  void putIfAbsent(FeatureView view) {
    insert(view, "NOTHING");
  }

  private void insert(FeatureView view, String onConflict) {
    jdbc.sql(
            "INSERT INTO far.feature_views (project, name, version, content) VALUES (?, ?, ?,"
                + " ?::jsonb) ON CONFLICT (project, name, version) DO "
                + onConflict)
        .params(
            view.project(),
            view.name(),
            view.version(),
            new String(Json.write(view), StandardCharsets.UTF_8))
        .update();
  }

  /** The newest version of every view. */
  List<FeatureView> newest() {
    return jdbc.sql(
            "SELECT DISTINCT ON (project, name) content::text FROM far.feature_views ORDER BY"
                + " project, name, "
                + NEWEST_FIRST)
        .query((row, n) -> view(row.getString(1)))
        .list();
  }

  /** Every version of a view, the newest first. */
  List<FeatureView> versions(String project, String name) {
    return jdbc.sql(
            "SELECT content::text FROM far.feature_views WHERE project = ? AND name = ? ORDER BY "
                + NEWEST_FIRST)
        .params(project, name)
        .query((row, n) -> view(row.getString(1)))
        .list();
  }

  Optional<FeatureView> find(String project, String name, String version) {
    return jdbc.sql(
            "SELECT content::text FROM far.feature_views WHERE project = ? AND name = ? AND version"
                + " = ?")
        .params(project, name, version)
        .query((row, n) -> view(row.getString(1)))
        .optional();
  }

  private static FeatureView view(String content) {
    return Json.read(content.getBytes(StandardCharsets.UTF_8), FeatureView.class);
  }
}
