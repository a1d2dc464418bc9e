package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.RouteTable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The newest route table of each model. */
final class RouteRows {

  private final JdbcClient jdbc;

  RouteRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  Optional<RouteTable> find(String modelId) {
    return jdbc.sql("SELECT content::text FROM mos.routes WHERE model_id = ?")
        .param(modelId)
        .query(String.class)
        .optional()
        .map(text -> Json.read(text.getBytes(StandardCharsets.UTF_8), RouteTable.class));
  }

  /** One change of a model at a time, until the transaction ends: revisions must not be shared. */
  void lock(String modelId) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext(?))").param(modelId).query().listOfRows();
  }

  long nextRevision(String modelId) {
    return find(modelId).map(RouteTable::revision).orElse(0L) + 1;
  }

  void store(RouteTable table) {
    jdbc.sql(
            "INSERT INTO mos.routes (model_id, revision, content) VALUES (?, ?, ?::jsonb) ON CONFLICT"
                + " (model_id) DO UPDATE SET revision = excluded.revision, content ="
                + " excluded.content")
        .params(
            table.modelId(),
            table.revision(),
            new String(Json.write(table), StandardCharsets.UTF_8))
        .update();
  }
}
