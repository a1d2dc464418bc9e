package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.ProjectOutcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Lists and reads runs and cards. */
@RestController
class CardController {

  private final RunStore store;

  CardController(RunStore store) {
    this.store = store;
  }

  @GetMapping("/runs")
  ResponseEntity<byte[]> runs() {
    List<Map<String, @Nullable Object>> runs = new ArrayList<>();
    for (String runId : store.runIds()) {
      ProjectOutcome outcome = store.outcome(runId).orElse(null);
      Map<String, @Nullable Object> run = new LinkedHashMap<>();
      run.put("runId", runId);
      run.put("status", outcome == null ? "RUNNING" : outcome.status());
      run.put("model", outcome == null ? null : outcome.cardKey());
      run.put(
          "code",
          outcome == null || outcome.rejection() == null ? null : outcome.rejection().code());
      runs.add(run);
    }
    return json(runs);
  }

  @GetMapping("/runs/{runId}")
  ResponseEntity<byte[]> run(@PathVariable String runId) {
    List<PipelineEvent> events = store.events(runId);
    if (events.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no run " + runId);
    }
    Map<String, @Nullable Object> run = new LinkedHashMap<>();
    run.put("runId", runId);
    run.put("outcome", store.outcome(runId).orElse(null));
    run.put("events", events);
    return json(run);
  }

  @GetMapping("/cards")
  ResponseEntity<byte[]> cards() {
    return json(store.models());
  }

  @GetMapping("/cards/{runOrModel}")
  ResponseEntity<byte[]> card(
      @PathVariable String runOrModel, @RequestParam(defaultValue = "json") String format) {
    ModelCard card =
        store
            .card(runOrModel)
            .orElseThrow(
                () ->
                    new ResponseStatusException(HttpStatus.NOT_FOUND, "no card of " + runOrModel));
    return switch (format) {
      case "html" -> text(CardPages.html(card), MediaType.TEXT_HTML);
      case "md" -> text(CardPages.markdown(card), MediaType.TEXT_MARKDOWN);
      case "json" -> json(card);
      default ->
          throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "format is json, html or md");
    };
  }

  private static ResponseEntity<byte[]> json(Object value) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .body(Json.writePretty(value));
  }

  private static ResponseEntity<byte[]> text(String content, MediaType type) {
    return ResponseEntity.ok()
        .contentType(new MediaType(type, StandardCharsets.UTF_8))
        .body(content.getBytes(StandardCharsets.UTF_8));
  }
}
