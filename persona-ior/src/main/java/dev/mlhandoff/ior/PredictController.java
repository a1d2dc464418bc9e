package dev.mlhandoff.ior;

import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.ior.serving.TrafficSplit;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.RouteTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/** Answers predictions for raw records and for entity keys. */
@RestController
class PredictController {

  private static final String REPLAY = "X-Handoff-Replay";
  private static final int MAX_BODY_BYTES = 1024 * 1024;
  private static final int MAX_SUBJECTS = 1000;

  private final LoadedModels models;
  private final Routes routes;
  private final PredictionJournal journal;
  private final JdbcClient jdbc;
  private final Clock clock;

  PredictController(
      LoadedModels models, Routes routes, PredictionJournal journal, JdbcClient jdbc, Clock clock) {
    this.models = models;
    this.routes = routes;
    this.journal = journal;
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /**
   * What is asked: raw records, or keys of entities whose features are looked up.
   *
   * @param model may be left out while only one model is served
   */
  record PredictRequest(
      @Nullable String model,
      @Nullable List<Map<String, @Nullable Object>> records,
      @Nullable List<String> entities) {}

  /** One answer. */
  record Prediction(
      String predictionId,
      @Nullable String entity,
      double probability,
      boolean decision,
      String version,
      String featureDigest,
      String arm) {}

  /** The answers, in the order of the question. */
  record PredictResponse(String model, List<Prediction> predictions) {}

  @PostMapping("/predict")
  PredictResponse predict(@RequestBody byte[] body) {
    PredictRequest request = read(body);
    String model = model(request.model());
    RouteTable table =
        routes
            .find(model)
            .orElseThrow(() -> problem(HttpStatus.NOT_FOUND, "UNKNOWN_MODEL", "no model " + model));
    List<TrafficSplit.Arm> arms =
        table.routes().stream()
            .map(
                r ->
                    new TrafficSplit.Arm(
                        r.version(),
                        r.role().name().toLowerCase(java.util.Locale.ROOT),
                        r.weight()))
            .toList();
    return answer(
        model,
        request,
        false,
        (id, entity) -> {
          TrafficSplit.Arm arm =
              TrafficSplit.pick(arms, entity == null ? id : entity)
                  .orElseThrow(
                      () ->
                          problem(
                              HttpStatus.SERVICE_UNAVAILABLE,
                              "NOT_YET_SERVING",
                              "no version of " + model + " serves yet"));
          return new Chosen(loaded(model, arm.version()), arm.name());
        });
  }

  @PostMapping("/models/{model}/versions/{version}/predict")
  PredictResponse predictWith(
      @PathVariable String model,
      @PathVariable String version,
      @RequestHeader(name = REPLAY, defaultValue = "false") boolean replay,
      @RequestBody byte[] body) {
    ServingModel chosen = loaded(model, version);
    return answer(model, read(body), replay, (id, entity) -> new Chosen(chosen, "direct"));
  }

  @GetMapping("/models")
  Map<String, Object> models() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (String model : routes.modelIds()) {
      routes.find(model).ifPresent(table -> all.put(model, table));
    }
    return all;
  }

  private record Chosen(ServingModel model, String arm) {}

  private record Pending(Chosen chosen, String id, Map<String, @Nullable Object> record) {}

  /** A broken rule and the position of its record in the request. */
  record PlacedViolation(int record, String field, String rule, String message) {}

  private interface Chooser {
    Chosen choose(String predictionId, @Nullable String entity);
  }

  private PredictResponse answer(
      String model, PredictRequest request, boolean replay, Chooser chooser) {
    List<Prediction> predictions = new ArrayList<>();
    List<Map<String, @Nullable Object>> records =
        request.records() == null ? List.of() : request.records();
    List<String> entities = request.entities() == null ? List.of() : request.entities();
    if (records.isEmpty() == entities.isEmpty()) {
      throw problem(HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "give either records or entities");
    }
    if (records.size() + entities.size() > MAX_SUBJECTS) {
      throw problem(
          HttpStatus.BAD_REQUEST, "TOO_MANY_RECORDS", "at most " + MAX_SUBJECTS + " a request");
    }
    List<Pending> pending = new ArrayList<>();
    List<PlacedViolation> violations = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      String id = UUID.randomUUID().toString();
      Chosen chosen = chooser.choose(id, null);
      for (Violation violation : violations(chosen.model(), records.get(i))) {
        violations.add(
            new PlacedViolation(i, violation.field(), violation.rule(), violation.message()));
      }
      pending.add(new Pending(chosen, id, records.get(i)));
    }
    if (!violations.isEmpty()) {
      throw invalid(violations);
    }
    for (Pending next : pending) {
      predictions.add(score(next.chosen(), next.id(), null, next.record(), replay));
    }
    for (String entity : entities) {
      String id = UUID.randomUUID().toString();
      Chosen chosen = chooser.choose(id, entity);
      predictions.add(score(chosen, id, entity, lookUp(chosen.model(), entity), replay));
    }
    return new PredictResponse(model, predictions);
  }

  private Prediction score(
      Chosen chosen,
      String id,
      @Nullable String entity,
      Map<String, @Nullable Object> record,
      boolean replay) {
    var bundle = chosen.model().bundle();
    double probability = bundle.probability(record);
    boolean decision = bundle.decision(probability);
    journal.add(
        new PredictionLog(
            id,
            clock.instant(),
            chosen.model().modelId(),
            chosen.model().version(),
            bundle.featureDigest(),
            chosen.arm(),
            replay,
            null,
            record,
            probability,
            decision,
            null,
            null));
    return new Prediction(
        id,
        entity,
        probability,
        decision,
        chosen.model().version(),
        bundle.featureDigest(),
        chosen.arm());
  }

  private Map<String, @Nullable Object> lookUp(ServingModel model, String entity) {
    Optional<String> row =
        jdbc.sql(
                "SELECT features::text FROM far.online_features WHERE view = ? AND digest = ? AND"
                    + " entity_key = ?")
            .params(model.modelId(), model.bundle().featureDigest(), entity)
            .query(String.class)
            .optional();
    String json =
        row.orElseThrow(
            () ->
                problem(HttpStatus.NOT_FOUND, "UNKNOWN_ENTITY", "no features of entity " + entity));
    @SuppressWarnings("unchecked") // the table holds JSON objects only
    Map<String, @Nullable Object> features = Json.mapper().readValue(json, Map.class);
    return features;
  }

  private static List<Violation> violations(
      ServingModel model, @Nullable Map<String, @Nullable Object> record) {
    return record == null
        ? List.of(new Violation("", "type", "an object is expected"))
        : RecordValidator.violations(model.bundle().schema(), record);
  }

  private static ErrorResponseException invalid(List<PlacedViolation> violations) {
    ProblemDetail detail =
        ProblemDetail.forStatusAndDetail(
            HttpStatus.BAD_REQUEST, "the records break " + violations.size() + " rules");
    detail.setProperty("code", "INVALID_RECORD");
    detail.setProperty("violations", violations);
    return new ErrorResponseException(HttpStatus.BAD_REQUEST, detail, null);
  }

  private static PredictRequest read(byte[] body) {
    if (body.length > MAX_BODY_BYTES) {
      throw problem(
          HttpStatus.CONTENT_TOO_LARGE,
          "REQUEST_TOO_LARGE",
          "at most " + MAX_BODY_BYTES + " bytes");
    }
    try {
      return Json.read(body, PredictRequest.class);
    } catch (JacksonException e) {
      throw problem(HttpStatus.BAD_REQUEST, "INVALID_JSON", "the body is no prediction request");
    }
  }

  private String model(@Nullable String named) {
    if (named != null) {
      return named;
    }
    SortedSet<String> all = routes.modelIds();
    if (all.isEmpty()) {
      throw problem(HttpStatus.SERVICE_UNAVAILABLE, "NOT_YET_SERVING", "no model serves yet");
    }
    if (all.size() > 1) {
      throw problem(HttpStatus.BAD_REQUEST, "MODEL_NEEDED", "name one of the models " + all);
    }
    return all.first();
  }

  private ServingModel loaded(String model, String version) {
    return models
        .find(model, version)
        .orElseThrow(
            () ->
                problem(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_VERSION",
                    "version " + version + " of " + model + " is not loaded"));
  }

  private static ErrorResponseException problem(HttpStatus status, String code, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty("code", code);
    ErrorResponseException exception = new ErrorResponseException(status, problem, null);
    if (status == HttpStatus.SERVICE_UNAVAILABLE) {
      exception.getHeaders().set("Retry-After", "1");
    }
    return exception;
  }
}
