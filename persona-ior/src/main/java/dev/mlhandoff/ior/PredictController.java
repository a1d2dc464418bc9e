package dev.mlhandoff.ior;

import dev.mlhandoff.ior.Question.Subject;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.access.ChangesNothing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/** The plain JSON form of predictions. */
@RestController
class PredictController {

  private static final String REPLAY = "X-Handoff-Replay";

  private final Predictor predictor;
  private final Router router;
  private final RoutedModels routes;

  PredictController(Predictor predictor, Router router, RoutedModels routes) {
    this.predictor = predictor;
    this.router = router;
    this.routes = routes;
  }

  /**
   * What is asked: raw records, or keys of entities whose features are looked up. With both, in the
   * same order, the records are those of the entities.
   *
   * @param model may be left out while only one model is served
   * @param explain how many contributions each answer names; left out for none
   */
  record PredictRequest(
      @Nullable String model,
      @Nullable List<@Nullable Map<String, @Nullable Object>> records,
      @Nullable List<@Nullable String> entities,
      @Nullable Integer explain) {}

  /** The answers, in the order of the question. */
  record PredictResponse(String model, List<Prediction> predictions) {}

  @PostMapping("/predict")
  @ChangesNothing
  PredictResponse predict(@RequestAttribute(RequestBodyFilter.BODY) byte[] body) {
    long arrived = System.nanoTime();
    PredictRequest request = read(body);
    String model = request.model() == null ? router.only() : request.model();
    return answer(model, null, request, false, arrived);
  }

  @PostMapping("/models/{model}/versions/{version}/predict")
  @ChangesNothing
  PredictResponse predictWith(
      @PathVariable String model,
      @PathVariable String version,
      @RequestHeader(name = REPLAY, defaultValue = "false") boolean replay,
      @RequestAttribute(RequestBodyFilter.BODY) byte[] body) {
    long arrived = System.nanoTime();
    return answer(model, version, read(body), replay, arrived);
  }

  @GetMapping("/models")
  Map<String, Object> models() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (String model : routes.modelIds()) {
      routes.find(model).ifPresent(served -> all.put(model, served.table()));
    }
    return all;
  }

  private PredictResponse answer(
      String model,
      @Nullable String version,
      PredictRequest request,
      boolean replay,
      long arrived) {
    Integer explain = request.explain();
    if (explain != null && explain < 1) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "explain must be at least 1");
    }
    Question question =
        new Question(
            model, version, null, subjects(request), explain == null ? 0 : explain, replay);
    return new PredictResponse(model, predictor.answer(question, arrived));
  }

  private static List<Subject> subjects(PredictRequest request) {
    List<@Nullable Map<String, @Nullable Object>> records =
        Objects.requireNonNullElse(request.records(), List.of());
    List<@Nullable String> entities = Objects.requireNonNullElse(request.entities(), List.of());
    int count = Math.max(records.size(), entities.size());
    if (count == 0) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_REQUEST", "give records, entities, or both");
    }
    if (!records.isEmpty() && !entities.isEmpty() && records.size() != entities.size()) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST,
          "INVALID_REQUEST",
          "give as many entities as records, or only one of the two");
    }
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      subjects.add(
          new Subject(
              entities.isEmpty() ? null : entities.get(i),
              records.isEmpty() ? null : records.get(i)));
    }
    return subjects;
  }

  private static PredictRequest read(byte[] body) {
    try {
      // The JSON text null is read as null.
      return Objects.requireNonNull(Json.read(body, PredictRequest.class));
    } catch (JacksonException | NullPointerException e) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_JSON", "the body is no prediction request");
    }
  }
}
