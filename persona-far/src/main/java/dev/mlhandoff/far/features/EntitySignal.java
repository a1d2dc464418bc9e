package dev.mlhandoff.far.features;

import dev.mlhandoff.data.DuckDb;
import java.sql.SQLException;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.FDistribution;

/**
 * Whether values of events tell something of the entity they belong to: whether they are more alike
 * within entities than chance makes them, at a significance of 0.001. Reads no label. Where there
 * are too few repeated events to say, they are taken to tell something.
 */
final class EntitySignal {

  private static final double SIGNIFICANCE = 0.001;
  private static final double LEAST_REPETITIONS = 200;

  /** Entities, events, variation between entities and within them. */
  private static final String OF_RANKS =
      "SELECT concat_ws(' ', count(*), coalesce(sum(n), 0), coalesce(sum(n * (m - all_mean) ** 2),"
          + " 0), coalesce(sum(within), 0)) FROM (SELECT count(*) AS n, avg(r) AS m, var_pop(r) *"
          + " count(*) AS within, any_value(all_mean) AS all_mean FROM (SELECT entity_key, r, avg(r)"
          + " OVER () AS all_mean FROM (SELECT e.entity_key, percent_rank() OVER (ORDER BY %s) AS r"
          + " FROM events e WHERE %s AND %s IS NOT NULL) ranked) centred GROUP BY entity_key) groups";

  /** Entities, events, categories, and the variation between entities as a share of all. */
  private static final String OF_CATEGORIES =
      "WITH cells AS (SELECT e.entity_key AS g, %s AS v, count(*) AS c FROM events e WHERE %s AND %s"
          + " IS NOT NULL GROUP BY ALL), pure AS (SELECT sum(c * c / n) AS s FROM (SELECT c, sum(c)"
          + " OVER (PARTITION BY g) AS n FROM cells) x), even AS (SELECT sum(c * c / n) AS s, max(n)"
          + " AS n, count(*) AS categories FROM (SELECT sum(c) AS c, sum(sum(c)) OVER () AS n FROM"
          + " cells GROUP BY v) y) SELECT concat_ws(' ', (SELECT count(DISTINCT g) FROM cells),"
          + " coalesce(even.n, 0), categories, coalesce((pure.s - even.s) / nullif(even.n - even.s,"
          + " 0), 0)) FROM pure, even";

  private final DuckDb database;
  private final String seen;

  EntitySignal(DuckDb database, String seen) {
    this.database = database;
    this.seen = seen;
  }

  /**
   * The F test of one-way analysis of variance on ranks (Conover and Iman, The American
   * Statistician 35, 1981), with the entities as groups.
   *
   * @param number SQL over the events {@code e}
   */
  boolean ofNumber(String number) throws SQLException {
    double[] found = figures(OF_RANKS.formatted(number, seen, number));
    double between = found[0] - 1;
    double within = found[1] - found[0];
    if (found[2] + found[3] < 1e-9) {
      return false;
    }
    return within < LEAST_REPETITIONS
        || between < 1
        || FDistribution.of(between, within)
                .survivalProbability(found[2] / between / (found[3] / within))
            < SIGNIFICANCE;
  }

  /**
   * The analysis of variance for categories (Light and Margolin, Journal of the American
   * Statistical Association 66, 1971), with the entities as groups.
   *
   * @param category SQL over the events {@code e}
   */
  boolean ofCategory(String category) throws SQLException {
    double[] found = figures(OF_CATEGORIES.formatted(category, seen, category));
    double groups = found[0] - 1;
    double categories = found[2] - 1;
    if (categories < 1) {
      return false;
    }
    return found[1] - found[0] < LEAST_REPETITIONS
        || groups < 1
        || ChiSquaredDistribution.of(groups * categories)
                .survivalProbability((found[1] - 1) * categories * found[3])
            < SIGNIFICANCE;
  }

  private double[] figures(String query) throws SQLException {
    return Arrays.stream(database.texts(query).get(0).split(" ", -1))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }
}
