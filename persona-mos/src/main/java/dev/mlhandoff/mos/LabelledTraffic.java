package dev.mlhandoff.mos;

import dev.mlhandoff.mos.experiment.LabelledPrediction;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The labelled predictions of an A/B test in the order in which their outcomes became known. An
 * entity counts once, by its first: further ones of it are not independent.
 */
final class LabelledTraffic {

  // A prediction belongs to the version that was to make it, also where production stood in.
  private static final String OF_A_TEST =
      "SELECT version, probability, decision, outcome FROM (SELECT DISTINCT ON (entity_key_hash)"
          + " coalesce(failed_version, version) AS version, probability, decision, outcome,"
          + " labelled FROM mos.predictions WHERE model_id = ? AND coalesce(failed_version, version)"
          + " IN (?, ?) AND arm IN ('production', 'challenger') AND NOT replay AND entity_key_hash"
          + " IS NOT NULL AND labelled IS NOT NULL AND predicted_at >= ? ORDER BY entity_key_hash,"
          + " labelled) AS first ORDER BY labelled";

  private final JdbcClient jdbc;
  private final Duration settling;

  /**
   * @param settling how long after the start some replicas may still follow the route before
   */
  LabelledTraffic(JdbcClient jdbc, Duration settling) {
    this.jdbc = jdbc;
    this.settling = settling;
  }

  List<LabelledPrediction> of(AbTest test) {
    String challenger = test.plan().versionB();
    return jdbc.sql(OF_A_TEST)
        .params(
            test.modelId(),
            test.plan().versionA(),
            challenger,
            OffsetDateTime.ofInstant(test.startedAt().plus(settling), ZoneOffset.UTC))
        .query(
            (row, n) ->
                new LabelledPrediction(
                    challenger.equals(row.getString(1)),
                    row.getDouble(2),
                    row.getBoolean(3),
                    row.getBoolean(4)))
        .list();
  }
}
