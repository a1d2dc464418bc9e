package dev.mlhandoff.card;

import static dev.mlhandoff.card.RunStore.bytes;
import static dev.mlhandoff.card.RunStore.json;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.RouteTable;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Cards and route tables in PostgreSQL. */
final class CardStore {

  private static final String NEWEST_FIRST = " ORDER BY string_to_array(version, '.')::int[] DESC";

  private final JdbcClient jdbc;

  CardStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A card, and whose it is. */
  record Entry(String modelId, String runId, ModelCard card) {

    /** The key on the topic of cards. */
    String key() {
      return modelId + "/" + card.version();
    }
  }

  /** Until the transaction ends, nobody else changes cards of this model. */
  void lock(String modelId) {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('card'), hashtext(?))")
        .param(modelId)
        .query((row, n) -> 0)
        .list();
  }

  /** Keeps a card; it waits to be announced if it says something new. */
  void put(Entry entry) {
    Optional<ModelCard> known = find(entry.modelId(), entry.card().version());
    if (known.isPresent() && CardStatus.same(known.get(), entry.card())) {
      return;
    }
    jdbc.sql(
            "INSERT INTO card.cards (model_id, version, run_id, content, announced) VALUES (?, ?, ?,"
                + " ?, false) ON CONFLICT (model_id, version) DO UPDATE SET run_id ="
                + " excluded.run_id, content = excluded.content, announced = false")
        .params(entry.modelId(), entry.card().version(), entry.runId(), json(entry.card()))
        .update();
  }

  void remove(String runId) {
    jdbc.sql("DELETE FROM card.cards WHERE run_id = ?").param(runId).update();
  }

  List<Entry> ofModel(String modelId) {
    return entries("WHERE model_id = ?" + NEWEST_FIRST, modelId);
  }

  Optional<Entry> ofRun(String runId) {
    return entries("WHERE run_id = ?", runId).stream().findFirst();
  }

  List<Entry> notAnnounced() {
    return entries("WHERE NOT announced ORDER BY model_id, version");
  }

  void announced(Entry entry) {
    jdbc.sql("UPDATE card.cards SET announced = true WHERE run_id = ?")
        .param(entry.runId())
        .update();
  }

  Optional<ModelCard> find(String modelId, String version) {
    return entries("WHERE model_id = ? AND version = ?", modelId, version).stream()
        .findFirst()
        .map(Entry::card);
  }

  List<String> modelIds() {
    return jdbc.sql("SELECT DISTINCT model_id FROM card.cards ORDER BY 1")
        .query(String.class)
        .list();
  }

  /**
   * Keeps a route table unless a newer one is known.
   *
   * @return whether it was new
   */
  boolean put(RouteTable table) {
    return jdbc.sql(
                "INSERT INTO card.routes AS known (model_id, revision, content) VALUES (?, ?, ?) ON"
                    + " CONFLICT (model_id) DO UPDATE SET revision = excluded.revision, content ="
                    + " excluded.content WHERE excluded.revision > known.revision")
            .params(table.modelId(), table.revision(), json(table))
            .update()
        > 0;
  }

  Optional<RouteTable> route(String modelId) {
    return jdbc.sql("SELECT content FROM card.routes WHERE model_id = ?")
        .param(modelId)
        .query(String.class)
        .optional()
        .map(text -> Json.read(bytes(text), RouteTable.class));
  }

  private List<Entry> entries(String condition, Object... parameters) {
    return jdbc.sql("SELECT model_id, run_id, content FROM card.cards " + condition)
        .params(parameters)
        .query(
            (row, n) ->
                new Entry(
                    row.getString(1),
                    row.getString(2),
                    Json.read(bytes(row.getString(3)), ModelCard.class)))
        .list();
  }
}
