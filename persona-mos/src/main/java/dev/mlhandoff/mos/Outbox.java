package dev.mlhandoff.mos;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Emission;
import dev.mlhandoff.runtime.MessagePublisher;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages written in the transaction of the rows that they follow from. A crash between sending
 * and removing sends them again, with the same ids.
 */
final class Outbox {

  private static final int BATCH = 100;

  private final JdbcClient jdbc;
  private final MessagePublisher publisher;

  Outbox(JdbcClient jdbc, MessagePublisher publisher) {
    this.jdbc = jdbc;
    this.publisher = publisher;
  }

  private record Waiting(long id, Emission emission) {}

  /** Adds a message, in the transaction of the calling thread. */
  void add(Topic<?> topic, String key, Object payload) {
    jdbc.sql("INSERT INTO mos.outbox (topic, key, content) VALUES (?, ?, ?::jsonb)")
        .params(topic.name(), key, new String(Json.write(payload), StandardCharsets.UTF_8))
        .update();
  }

  /** Sends what waits, in its order. */
  void sendAll() {
    List<Waiting> waiting = waiting();
    while (!waiting.isEmpty()) {
      publisher.sendTogether(waiting.stream().map(Waiting::emission).toList());
      // Only these: a lower id may have become visible since.
      Long[] sent = waiting.stream().map(Waiting::id).toArray(Long[]::new);
      jdbc.sql("DELETE FROM mos.outbox WHERE id = ANY(?)").param(1, sent).update();
      waiting = waiting();
    }
  }

  private List<Waiting> waiting() {
    return jdbc.sql("SELECT id, topic, key, content::text FROM mos.outbox ORDER BY id LIMIT ?")
        .param(BATCH)
        .query(
            (row, n) ->
                new Waiting(
                    row.getLong(1), emission(row.getString(2), row.getString(3), row.getString(4))))
        .list();
  }

  private static Emission emission(String name, String key, String content) {
    Topic<?> topic =
        Topics.all().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
    return new Emission(
        topic, key, Json.read(content.getBytes(StandardCharsets.UTF_8), topic.valueType()));
  }
}
