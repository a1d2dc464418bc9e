package dev.mlhandoff.mos;

import dev.mlhandoff.data.DuckDb;
import java.sql.SQLException;
import java.util.List;

/** Data-quality checks of the rows that a retrain adds, counted in the tables themselves. */
final class FeedbackChecks {

  private FeedbackChecks() {}

  /** One check, in the form of the data pipeline's. */
  record Check(String check, String severity, boolean passed, String observed, String expected) {}

  static List<Check> of(DuckDb database) throws SQLException {
    return List.of(
        none(
            "feedback: a row stands once",
            database.number("SELECT count(*) - count(DISTINCT entity_key) FROM features")),
        none(
            "feedback: no entity trains and is held out",
            database.number(
                "SELECT count(*) FROM held WHERE entity IN (SELECT entity FROM original_rows UNION"
                    + " ALL SELECT entity FROM placed WHERE NOT holdout)")),
        none(
            "feedback: no entity stands in two folds",
            database.number(
                "SELECT count(*) FROM (SELECT entity FROM (SELECT entity, fold FROM original_rows"
                    + " UNION ALL SELECT entity, fold FROM placed WHERE NOT holdout) GROUP BY entity"
                    + " HAVING count(DISTINCT fold) > 1)")),
        none(
            "feedback: no outcome is older than its prediction",
            database.number("SELECT count(*) FROM feedback WHERE outcome_at < predicted_at")));
  }

  private static Check none(String what, long found) {
    return new Check(what, "HARD", found == 0, found + " rows", "0 rows");
  }
}
