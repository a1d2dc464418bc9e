package dev.mlhandoff.ior;

import dev.mlhandoff.ior.OpenInference.InferRequest;
import dev.mlhandoff.ior.OpenInference.InferResponse;
import dev.mlhandoff.ior.OpenInference.ModelMetadata;
import dev.mlhandoff.ior.OpenInference.RequestedOutput;
import dev.mlhandoff.ior.Question.Subject;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.ior.serving.RecordValidator.Violation;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.access.ChangesNothing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;

/** The Open Inference Protocol, version 2, over REST: any client of it can ask the models. */
@RestController
@RequestMapping("/v2")
class OpenInferenceController {

  private static final String BINARY_HEADER = "Inference-Header-Content-Length";

  private final String serverVersion;
  private final Predictor predictor;
  private final Router router;
  private final RoutedModels routes;

  OpenInferenceController(
      Predictor predictor, Router router, RoutedModels routes, String serverVersion) {
    this.serverVersion = serverVersion;
    this.predictor = predictor;
    this.router = router;
    this.routes = routes;
  }

  @GetMapping
  Map<String, Object> server() {
    return Map.of("name", "ml-handoff", "version", serverVersion, "extensions", List.of());
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
  @ChangesNothing
  InferResponse infer(
      @PathVariable String model,
      @PathVariable(required = false) @Nullable String version,
      @RequestHeader(name = BINARY_HEADER, required = false) @Nullable String binary,
      @RequestAttribute(RequestBodyFilter.BODY) byte[] body) {
    long arrived = System.nanoTime();
    if (binary != null) {
      throw invalid(
          "BINARY_DATA_UNSUPPORTED",
          "the binary tensor data extension is not supported; send JSON");
    }
    InferRequest request = read(body);
    int explain = explain(request);
    List<String> outputs = outputs(request, explain > 0);
    List<Subject> subjects =
        Tensors.records(request.inputs()).stream().map(row -> new Subject(null, row)).toList();
    String id = request.id();
    // A response names one version, so all rows of a request go to the same one.
    String key = id == null ? UUID.randomUUID().toString() : id;
    List<Prediction> predictions =
        predictor.answer(new Question(model, version, key, subjects, explain, false), arrived);
    Prediction first = predictions.get(0);
    return new InferResponse(
        model, first.version(), id, parameters(predictions), Tensors.outputs(outputs, predictions));
  }

  private static Map<String, Object> parameters(List<Prediction> predictions) {
    Prediction first = predictions.get(0);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("arm", first.arm());
    parameters.put("feature_digest", first.featureDigest());
    parameters.put(
        "prediction_ids",
        predictions.stream().map(Prediction::predictionId).collect(Collectors.joining(",")));
    List<String> warnings = new ArrayList<>();
    for (int row = 0; row < predictions.size(); row++) {
      List<Violation> found = predictions.get(row).warnings();
      for (Violation warning : found == null ? List.<Violation>of() : found) {
        warnings.add("row %d, %s: %s".formatted(row, warning.field(), warning.message()));
      }
    }
    if (!warnings.isEmpty()) {
      parameters.put("warnings", String.join("; ", warnings));
    }
    return parameters;
  }

  /** How many contributions each row's explanation is to name; 0 for no explanation. */
  private static int explain(InferRequest request) {
    Object asked = request.parameters() == null ? null : request.parameters().get("explain");
    if (asked == null) {
      return 0;
    }
    if (asked instanceof Integer top && top >= 1) {
      return top;
    }
    throw invalid("INVALID_REQUEST", "the parameter explain must be a whole number from 1");
  }

  /** Names of the outputs that are wanted. */
  private static List<String> outputs(InferRequest request, boolean explained) {
    List<String> all =
        explained
            ? List.of(Tensors.PROBABILITY, Tensors.DECISION, Tensors.EXPLANATION)
            : List.of(Tensors.PROBABILITY, Tensors.DECISION);
    List<@Nullable RequestedOutput> requested = request.outputs();
    if (requested == null || requested.isEmpty()) {
      return all;
    }
    List<String> names = new ArrayList<>();
    for (RequestedOutput output : requested) {
      String name = output == null ? null : output.name();
      if (name == null || !all.contains(name)) {
        throw invalid("UNKNOWN_OUTPUT", "the model has no output " + name);
      }
      names.add(name);
    }
    return names;
  }

  private static InferRequest read(byte[] body) {
    try {
      // The JSON text null is read as null.
      return Objects.requireNonNull(Json.read(body, InferRequest.class));
    } catch (JacksonException | NullPointerException e) {
      throw invalid("INVALID_JSON", "the body is no inference request");
    }
  }

  private static RefusedException invalid(String code, String message) {
    return new RefusedException(HttpStatus.BAD_REQUEST, code, message);
  }
}
