package dev.mlhandoff.e2e.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.runtime.Digests;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/**
 * The online feature table, in which a version's rows can go bad while it serves: each version
 * reads rows of its own digest.
 */
final class OnlineRows {

  static final int ENTITIES = 1500;

  private final String address;

  OnlineRows(String address) throws SQLException {
    this.address = address;
    Flyway.configure()
        .dataSource(address, "postgres", "postgres")
        .schemas("far")
        .defaultSchema("far")
        .locations("classpath:db/migration/far")
        .load()
        .migrate();
    // Reading rows of a digest in far.slow takes its time.
    sql(
        "ALTER VIEW far.online_features RENAME TO online_values",
        "CREATE TABLE far.slow (digest text PRIMARY KEY)",
        "CREATE FUNCTION far.is_read(digest text) RETURNS boolean LANGUAGE plpgsql COST 1000000 AS"
            + " $$ BEGIN IF EXISTS (SELECT FROM far.slow s WHERE s.digest = is_read.digest) THEN"
            + " PERFORM pg_sleep(0.6); END IF; RETURN true; END $$",
        "CREATE VIEW far.online_features AS SELECT * FROM far.online_values WHERE"
            + " far.is_read(digest)");
  }

  /** The feature x of an entity, spread over [0, 1). */
  static double x(int entity) {
    return entity * 7919L % 10007 / 10007.0;
  }

  /** The digest of rows that a test calls by a name. */
  static String of(String name) {
    return Digests.sha256(name.getBytes(UTF_8));
  }

  void write(String model, String digest) throws SQLException {
    sql(
        "INSERT INTO far.online_rows (view, digest, entity_key, features, event_time, known_time)"
            + " SELECT '"
            + model
            + "', '"
            + of(digest)
            + "', 'e' || i, jsonb_build_object('x', (i::bigint * 7919 % 10007) / 10007.0), now(),"
            + " now() FROM generate_series(0, "
            + (ENTITIES - 1)
            + ") i");
  }

  void makeConstant(String digest) throws SQLException {
    sql("UPDATE far.online_rows SET features = '{\"x\": 0.9}' WHERE digest = '" + of(digest) + "'");
  }

  /** From now on the model's answers are too high for what these entities do. */
  void skew(String digest) throws SQLException {
    sql(
        "UPDATE far.online_rows SET features = jsonb_build_object('x', least(0.99, (features ->>"
            + " 'x')::double precision + 0.35)) WHERE digest = '"
            + of(digest)
            + "'");
  }

  void makeSlow(String digest) throws SQLException {
    sql("INSERT INTO far.slow VALUES ('" + of(digest) + "')");
  }

  void remove(String digest) throws SQLException {
    sql("DELETE FROM far.online_rows WHERE digest = '" + of(digest) + "'");
  }

  private void sql(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
