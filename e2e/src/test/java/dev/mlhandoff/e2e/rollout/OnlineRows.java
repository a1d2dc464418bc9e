package dev.mlhandoff.e2e.rollout;

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
        "ALTER TABLE far.online_features RENAME TO stored",
        "CREATE TABLE far.slow (digest text PRIMARY KEY)",
        "CREATE FUNCTION far.is_read(digest text) RETURNS boolean LANGUAGE plpgsql COST 1000000 AS"
            + " $$ BEGIN IF EXISTS (SELECT FROM far.slow s WHERE s.digest = is_read.digest) THEN"
            + " PERFORM pg_sleep(0.6); END IF; RETURN true; END $$",
        "CREATE VIEW far.online_features AS SELECT * FROM far.stored WHERE far.is_read(digest)");
  }

  /** The feature x of an entity, spread over [0, 1). */
  static double x(int entity) {
    return entity * 7919L % 10007 / 10007.0;
  }

  void write(String model, String digest) throws SQLException {
    sql(
        "INSERT INTO far.stored (view, digest, entity_key, features) SELECT '"
            + model
            + "', '"
            + digest
            + "', 'e' || i, jsonb_build_object('x', (i::bigint * 7919 % 10007) / 10007.0)"
            + " FROM generate_series(0, "
            + (ENTITIES - 1)
            + ") i");
  }

  void makeConstant(String digest) throws SQLException {
    sql("UPDATE far.stored SET features = '{\"x\": 0.9}' WHERE digest = '" + digest + "'");
  }

  /** From now on the model's answers are too high for what these entities do. */
  void skew(String digest) throws SQLException {
    sql(
        "UPDATE far.stored SET features = jsonb_build_object('x', (features->>'x')::double precision"
            + " + 0.35) WHERE digest = '"
            + digest
            + "'");
  }

  void makeSlow(String digest) throws SQLException {
    sql("INSERT INTO far.slow VALUES ('" + digest + "')");
  }

  void remove(String digest) throws SQLException {
    sql("DELETE FROM far.stored WHERE digest = '" + digest + "'");
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
