package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Question.Subject;
import dev.mlhandoff.ior.RefusedException.PlacedViolation;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/** Answers questions: routes, looks up, validates everything, and only then scores. */
final class Predictor {

  private static final Logger log = LoggerFactory.getLogger(Predictor.class);
  private static final int MAX_SUBJECTS = 1000;

  private final Router router;
  private final OnlineFeatures features;
  private final PredictionJournal journal;
  private final Shadow shadow;

  Predictor(Router router, OnlineFeatures features, PredictionJournal journal, Shadow shadow) {
    this.router = router;
    this.features = features;
    this.journal = journal;
    this.shadow = shadow;
  }

  /**
   * A row that is ready to be scored.
   *
   * @param failedVersion the version that should have answered, if it cannot read this row
   */
  record Row(
      String predictionId,
      @Nullable String entity,
      Chosen chosen,
      Map<String, @Nullable Object> record,
      OnlineFeatures.@Nullable Row lookedUp,
      @Nullable String failedVersion) {}

  /**
   * The answers, in the order of the subjects.
   *
   * @param arrived {@link System#nanoTime} at the request's arrival
   * @throws RefusedException if any of them cannot be answered; then none is
   */
  List<Prediction> answer(Question question, long arrived) {
    if (question.subjects().isEmpty()) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "there is nothing to score");
    }
    if (question.subjects().size() > MAX_SUBJECTS) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "TOO_MANY_RECORDS", "at most " + MAX_SUBJECTS + " a request");
    }
    List<Row> rows = new ArrayList<>();
    List<PlacedViolation> violations = new ArrayList<>();
    for (int i = 0; i < question.subjects().size(); i++) {
      Subject subject = question.subjects().get(i);
      if (subject.entity() == null && subject.record() == null) {
        violations.add(new PlacedViolation(i, "", "type", "an object is expected"));
        continue;
      }
      Row row = row(question, subject);
      for (Violation violation : violations(row)) {
        violations.add(
            new PlacedViolation(i, violation.field(), violation.rule(), violation.message()));
      }
      rows.add(row);
    }
    if (!violations.isEmpty()) {
      throw RefusedException.invalid(violations);
    }
    List<Prediction> predictions = new ArrayList<>();
    for (Row row : rows) {
      predictions.add(score(question, row, arrived));
    }
    return predictions;
  }

  /** Reads the subject for the version on trial, or for production if that one cannot read it. */
  private Row row(Question question, Subject subject) {
    String id = UUID.randomUUID().toString();
    String entity = subject.entity();
    String key = question.routingKey();
    if (key == null) {
      key = entity == null ? id : entity;
    }
    Chosen chosen = router.choose(question.model(), question.version(), key, entity != null);
    Optional<Chosen> standIn = standIn(question, chosen);
    if (standIn.isEmpty()) {
      return read(id, subject, chosen, null);
    }
    try {
      Row row = read(id, subject, chosen, null);
      if (violations(row).isEmpty()) {
        return row;
      }
    } catch (RefusedException e) {
      log.debug("version {} has no features of an entity", chosen.model().version(), e);
    }
    return read(id, subject, standIn.get(), chosen.model().version());
  }

  private Optional<Chosen> standIn(Question question, Chosen chosen) {
    return chosen.onTrial() ? router.production(question.model()) : Optional.empty();
  }

  private Row read(String id, Subject subject, Chosen chosen, @Nullable String failedVersion) {
    String entity = subject.entity();
    Map<String, @Nullable Object> record = subject.record();
    if (record != null || entity == null) {
      return new Row(id, entity, chosen, record == null ? Map.of() : record, null, failedVersion);
    }
    OnlineFeatures.Row found = features.find(chosen.model(), entity);
    return new Row(id, entity, chosen, found.features(), found, failedVersion);
  }

  private static List<Violation> violations(Row row) {
    return RecordValidator.violations(row.chosen().model().bundle().schema(), row.record());
  }

  private Prediction score(Question question, Row asked, long arrived) {
    Row row = asked;
    double probability;
    try {
      probability = row.chosen().model().bundle().probability(row.record());
    } catch (RuntimeException e) {
      Chosen failed = row.chosen();
      Chosen standIn = standIn(question, failed).orElseThrow(() -> e);
      String version = failed.model().version();
      log.warn("version {} of {} failed; production answers", version, question.model(), e);
      // Looked up again: each version reads features of its own.
      Subject subject = new Subject(row.entity(), row.lookedUp() == null ? row.record() : null);
      row = read(row.predictionId(), subject, standIn, version);
      probability = standIn.model().bundle().probability(row.record());
    }
    Chosen answering = row.chosen();
    var bundle = answering.model().bundle();
    boolean decision = bundle.decision(probability);
    journal.add(row, question.replay(), probability, decision, arrived);
    if (question.version() == null) {
      shadow(question, row);
    }
    OnlineFeatures.Row lookedUp = row.lookedUp();
    return new Prediction(
        row.predictionId(),
        row.entity(),
        probability,
        decision,
        answering.model().version(),
        bundle.featureDigest(),
        answering.arm(),
        lookedUp == null ? null : lookedUp.writtenAt(),
        lookedUp == null ? null : lookedUp.stale());
  }

  private void shadow(Question question, Row row) {
    router.shadow(question.model()).ifPresent(chosen -> shadow.score(row, chosen));
  }
}
