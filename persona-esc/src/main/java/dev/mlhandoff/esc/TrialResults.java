package dev.mlhandoff.esc;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Trial;
import dev.mlhandoff.messages.TrialResult;
import dev.mlhandoff.runtime.TransientException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The results that came in, in PostgreSQL. The record that completes a round is remembered: only
 * that one carries the run on, and it does so again whenever it is delivered again.
 */
final class TrialResults {

  private final JdbcTemplate jdbc;

  TrialResults(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Adds a result; a repetition changes nothing.
   *
   * @param position the record that brought it
   * @return whether this record completes its round
   * @throws TransientException if the database does not answer
   */
  boolean add(TrialResult result, String position) {
    Trial trial = result.trial();
    try {
      jdbc.update(
          "INSERT INTO esc.trial_results (run_id, attempt, trial_id, round, result)"
              + " VALUES (?, ?, ?, ?, ?::json) ON CONFLICT DO NOTHING",
          trial.runId(),
          trial.attempt(),
          trial.trialId(),
          trial.round(),
          new String(Json.write(result), StandardCharsets.UTF_8));
      jdbc.update(
          "INSERT INTO esc.trial_rounds (run_id, attempt, round, completed_by)"
              + " SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM esc.trial_results"
              + " WHERE run_id = ? AND attempt = ? AND round = ?) >= ? ON CONFLICT DO NOTHING",
          trial.runId(),
          trial.attempt(),
          trial.round(),
          position,
          trial.runId(),
          trial.attempt(),
          trial.round(),
          trial.roundSize());
      List<String> completedBy =
          jdbc.queryForList(
              "SELECT completed_by FROM esc.trial_rounds"
                  + " WHERE run_id = ? AND attempt = ? AND round = ?",
              String.class,
              trial.runId(),
              trial.attempt(),
              trial.round());
      return completedBy.contains(position);
    } catch (DataAccessException e) {
      throw new TransientException("the database did not take a trial result", e);
    }
  }

  /** All results of an attempt, in the order of its trials. */
  List<TrialResult> of(String runId, int attempt) {
    try {
      return jdbc
          .queryForList(
              "SELECT result::text FROM esc.trial_results WHERE run_id = ? AND attempt = ?",
              String.class,
              runId,
              attempt)
          .stream()
          .map(json -> Json.read(json.getBytes(StandardCharsets.UTF_8), TrialResult.class))
          .sorted(Comparator.comparingInt(result -> result.trial().index()))
          .toList();
    } catch (DataAccessException e) {
      throw new TransientException("the database did not give the trial results", e);
    }
  }

  /** How many results of an attempt came in. */
  int count(String runId, int attempt) {
    try {
      Integer count =
          jdbc.queryForObject(
              "SELECT count(*) FROM esc.trial_results WHERE run_id = ? AND attempt = ?",
              Integer.class,
              runId,
              attempt);
      return count == null ? 0 : count;
    } catch (DataAccessException e) {
      throw new TransientException("the database did not count the trial results", e);
    }
  }
}
