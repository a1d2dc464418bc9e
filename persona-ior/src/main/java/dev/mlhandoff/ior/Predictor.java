package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Question.Subject;
import dev.mlhandoff.ior.RefusedException.PlacedViolation;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.ior.serving.Explanation;
import dev.mlhandoff.ior.serving.RecordValidator.Findings;
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

  /** An explanation costs as much as many scores. */
  private static final int MAX_EXPLAINED = 100;

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

  private record Checked(Row row, Findings findings) {}

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
    int most = question.explain() > 0 ? MAX_EXPLAINED : MAX_SUBJECTS;
    if (question.subjects().size() > most) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST,
          "TOO_MANY_RECORDS",
          "at most " + most + (question.explain() > 0 ? " explained ones" : "") + " a request");
    }
    List<Checked> rows = checked(question);
    List<Prediction> predictions = new ArrayList<>(rows.size());
    for (Checked row : rows) {
      predictions.add(score(question, row, arrived));
    }
    return predictions;
  }

  private List<Checked> checked(Question question) {
    List<Checked> rows = new ArrayList<>(question.subjects().size());
    List<PlacedViolation> violations = new ArrayList<>();
    for (int i = 0; i < question.subjects().size(); i++) {
      Subject subject = question.subjects().get(i);
      if (subject.entity() == null && subject.record() == null) {
        violations.add(new PlacedViolation(i, "", "type", "a record or an entity is expected"));
        continue;
      }
      Checked checked = check(question, subject);
      for (Violation violation : checked.findings().violations()) {
        violations.add(
            new PlacedViolation(i, violation.field(), violation.rule(), violation.message()));
      }
      rows.add(checked);
    }
    if (!violations.isEmpty()) {
      throw RefusedException.invalid(violations);
    }
    return rows;
  }

  /** Reads the subject for the version on trial, or for production if that one cannot read it. */
  private Checked check(Question question, Subject subject) {
    String id = UUID.randomUUID().toString();
    String entity = subject.entity();
    String key = question.routingKey();
    if (key == null) {
      key = entity == null ? id : entity;
    }
    Chosen chosen = router.choose(question.model(), question.version(), key, entity != null);
    Optional<Chosen> standIn = standIn(question, chosen);
    if (standIn.isEmpty()) {
      return check(read(id, subject, chosen, null));
    }
    try {
      Checked checked = check(read(id, subject, chosen, null));
      if (checked.findings().violations().isEmpty()) {
        return checked;
      }
    } catch (RefusedException e) {
      log.debug("version {} has no features of an entity", chosen.model().version(), e);
    }
    return check(read(id, subject, standIn.get(), chosen.model().version()));
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

  private static Checked check(Row row) {
    return new Checked(row, row.chosen().model().validator().check(row.record()));
  }

  private Prediction score(Question question, Checked checked, long arrived) {
    Row row = checked.row();
    Findings findings = checked.findings();
    double probability;
    try {
      probability = row.chosen().model().bundle().probability(row.record());
    } catch (RuntimeException e) {
      Chosen failed = row.chosen();
      String version = failed.model().version();
      Chosen standIn =
          standIn(question, failed).orElseThrow(() -> failed(question.model(), version, e));
      log.warn("version {} of {} failed; production answers", version, question.model(), e);
      // Looked up again: each version reads features of its own.
      Subject subject = new Subject(row.entity(), row.lookedUp() == null ? row.record() : null);
      Checked again = check(read(row.predictionId(), subject, standIn, version));
      row = again.row();
      findings = again.findings();
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
    List<Violation> warnings = findings.warnings();
    return new Prediction(
        row.predictionId(),
        row.entity(),
        probability,
        decision,
        answering.model().version(),
        bundle.featureDigest(),
        answering.arm(),
        lookedUp == null ? null : lookedUp.writtenAt(),
        lookedUp == null ? null : lookedUp.stale(),
        warnings.isEmpty() ? null : warnings,
        question.explain() == 0 ? null : Explanation.of(bundle, row.record(), question.explain()));
  }

  private static RefusedException failed(String model, String version, RuntimeException failure) {
    log.error("version {} of {} failed", version, model, failure);
    return new RefusedException(
        HttpStatus.INTERNAL_SERVER_ERROR,
        "SCORING_FAILED",
        "version " + version + " of " + model + " failed");
  }

  private void shadow(Question question, Row row) {
    router.shadow(question.model()).ifPresent(chosen -> shadow.score(row, chosen));
  }
}
