package dev.mlhandoff.ior;

import dev.mlhandoff.ior.OpenInference.ErrorResponse;
import dev.mlhandoff.ior.OpenInference.InferRequest;
import dev.mlhandoff.ior.OpenInference.InferResponse;
import dev.mlhandoff.ior.OpenInference.ModelMetadata;
import dev.mlhandoff.ior.OpenInference.OutputTensor;
import dev.mlhandoff.ior.OpenInference.RequestedOutput;
import dev.mlhandoff.ior.Question.Subject;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.messages.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/** The Open Inference Protocol, version 2, over REST: any client of it can ask the models. */
@RestController
@RequestMapping("/v2")
class OpenInferenceController {

  private final Predictor predictor;
  private final Router router;
  private final Routes routes;

  OpenInferenceController(Predictor predictor, Router router, Routes routes) {
    this.predictor = predictor;
    this.router = router;
    this.routes = routes;
  }

  @GetMapping
  Map<String, Object> server() {
    return Map.of("name", "ml-handoff", "version", "1.0.0", "extensions", List.of());
  }

  @GetMapping("/health/live")
  Map<String, Boolean> live() {
    return Map.of("live", true);
  }

  @GetMapping("/health/ready")
  ResponseEntity<Map<String, Boolean>> ready() {
    boolean ready = routes.isCaughtUp();
    return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(Map.of("ready", ready));
  }

  @GetMapping({"/models/{model}", "/models/{model}/versions/{version}"})
  ModelMetadata metadata(
      @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
    Chosen chosen = router.choose(model, version, "", false);
    List<String> versions =
        routes
            .find(model)
            .map(served -> served.versions().keySet().stream().sorted().toList())
            .orElse(List.of(chosen.model().version()));
    return new ModelMetadata(
        model,
        versions,
        "ml-handoff",
        Tensors.inputs(chosen.model().bundle().schema()),
        Tensors.outputs());
  }

  @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
  Map<String, Object> modelReady(
      @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
    router.choose(model, version, "", false);
    return Map.of("name", model, "ready", true);
  }

  @PostMapping({"/models/{model}/infer", "/models/{model}/versions/{version}/infer"})
  InferResponse infer(
      @PathVariable String model,
      @PathVariable(required = false) @Nullable String version,
      @RequestBody byte[] body) {
    long arrived = System.nanoTime();
    InferRequest request = read(body);
    List<Subject> subjects =
        Tensors.records(request.inputs()).stream().map(row -> new Subject(null, row)).toList();
    String id = request.id();
    // A response names one version, so all rows of a request go to the same one.
    String key = id == null ? UUID.randomUUID().toString() : id;
    List<Prediction> predictions =
        predictor.answer(new Question(model, version, key, subjects, false), arrived);
    Prediction first = predictions.get(0);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("arm", first.arm());
    parameters.put("feature_digest", first.featureDigest());
    parameters.put(
        "prediction_ids",
        predictions.stream().map(Prediction::predictionId).collect(Collectors.joining(",")));
    return new InferResponse(
        model, first.version(), id, parameters, wanted(request, Tensors.outputs(predictions)));
  }

  @ExceptionHandler
  ResponseEntity<ErrorResponse> refused(RefusedException e) {
    String violations =
        e.violations().stream()
            .map(v -> "; row %d, %s: %s".formatted(v.record(), v.field(), v.message()))
            .collect(Collectors.joining());
    ResponseEntity.BodyBuilder response = ResponseEntity.status(e.status());
    if (e.isPassing()) {
      response.header(HttpHeaders.RETRY_AFTER, "1");
    }
    return response.body(new ErrorResponse(e.code() + ": " + e.reason() + violations));
  }

  private static List<OutputTensor> wanted(InferRequest request, List<OutputTensor> all) {
    List<RequestedOutput> requested = request.outputs();
    if (requested == null || requested.isEmpty()) {
      return all;
    }
    return requested.stream()
        .map(
            output ->
                all.stream()
                    .filter(tensor -> tensor.name().equals(output.name()))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new RefusedException(
                                HttpStatus.BAD_REQUEST,
                                "UNKNOWN_OUTPUT",
                                "the model has no output " + output.name())))
        .toList();
  }

  private static InferRequest read(byte[] body) {
    try {
      return Json.read(body, InferRequest.class);
    } catch (JacksonException e) {
      throw new RefusedException(
          HttpStatus.BAD_REQUEST, "INVALID_JSON", "the body is no inference request");
    }
  }
}
