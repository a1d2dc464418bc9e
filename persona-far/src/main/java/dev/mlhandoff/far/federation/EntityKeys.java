package dev.mlhandoff.far.federation;

import dev.mlhandoff.data.DuckDb;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The way from this project's entities to those of another.
 *
 * @param pairs Parquet with {@code entity_key}, {@code other_key}, {@code confidence}; null if
 *     equal keys name the same entity
 * @param threshold pairs of lower, or without, confidence do not count; null if every pair is sure
 */
public record EntityKeys(@Nullable Path pairs, @Nullable Double threshold) {

  /**
   * Makes a table with one row for each row of {@code features}: {@code local_key}, {@code
   * entity_key} of the other namespace (missing without a certain one), and {@code reason}: {@code
   * MAPPED}, {@code UNMAPPED}, {@code BELOW_THRESHOLD}, or {@code AMBIGUOUS} where several other
   * entities are the surest.
   */
  void resolve(DuckDb database, String table) throws SQLException {
    String name = DuckDb.name(table);
    if (pairs == null) {
      database.execute(
          "CREATE TABLE %s AS SELECT entity_key AS local_key, entity_key, 'MAPPED' AS reason FROM features"
              .formatted(name));
      return;
    }
    String sure = threshold == null ? "TRUE" : "coalesce(confidence >= " + threshold + ", FALSE)";
    database.execute(
        ("CREATE TABLE %s AS WITH pairs AS (SELECT DISTINCT * FROM read_parquet(%s) WHERE entity_key"
                + " IS NOT NULL AND other_key IS NOT NULL), surest AS (SELECT entity_key,"
                + " min(other_key) AS other_key, count(DISTINCT other_key) AS candidates FROM (SELECT"
                + " * FROM pairs WHERE %s QUALIFY rank() OVER (PARTITION BY entity_key ORDER BY"
                + " confidence DESC NULLS LAST) = 1) GROUP BY entity_key)"
                + " SELECT f.entity_key AS local_key, CASE WHEN s.candidates = 1 THEN s.other_key END"
                + " AS entity_key, CASE WHEN s.candidates = 1 THEN 'MAPPED' WHEN s.candidates > 1 THEN"
                + " 'AMBIGUOUS' WHEN f.entity_key IN (SELECT entity_key FROM pairs) THEN"
                + " 'BELOW_THRESHOLD' ELSE 'UNMAPPED' END AS reason FROM features f LEFT JOIN surest s"
                + " ON s.entity_key = f.entity_key")
            .formatted(name, DuckDb.text(pairs.toString()), sure));
  }
}
