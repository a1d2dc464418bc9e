package dev.mlhandoff.card;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
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

  private static final int NEWEST_RUNS = 200;
  private static final MediaType CYCLONEDX =
      new MediaType("application", "vnd.cyclonedx+json", Map.of("version", "1.6"));

  private final RunStore runs;
  private final CardBook cards;
  private final EvidenceReader evidence;
  private final ArtifactStore artifacts;

  CardController(RunStore runs, CardBook cards, EvidenceReader evidence, ArtifactStore artifacts) {
    this.runs = runs;
    this.cards = cards;
    this.evidence = evidence;
    this.artifacts = artifacts;
  }

  @GetMapping("/runs")
  ResponseEntity<byte[]> runs() {
    return json(runs.newest(NEWEST_RUNS));
  }

  @GetMapping("/runs/{runId}")
  ResponseEntity<byte[]> run(@PathVariable String runId) {
    ProjectOutcome outcome = runs.decision(runId).map(Decision::outcome).orElse(null);
    return json(RunRecords.record(find(runId), outcome));
  }

  @GetMapping("/runs/{runId}/events")
  ResponseEntity<byte[]> events(@PathVariable String runId) {
    return json(find(runId).events());
  }

  @GetMapping("/cards")
  ResponseEntity<byte[]> cards() {
    return json(cards.modelIds());
  }

  /** The card of a run, or of the version of a model that serves. */
  @GetMapping("/cards/{runOrModel}")
  ResponseEntity<byte[]> card(
      @PathVariable String runOrModel,
      @RequestParam(defaultValue = "json") String format,
      @RequestParam(required = false) @Nullable String download) {
    return card(
        cards.ofRun(runOrModel).or(() -> cards.ofModel(runOrModel)),
        runOrModel,
        format,
        download != null);
  }

  @GetMapping("/cards/{modelId}/{version}")
  ResponseEntity<byte[]> card(
      @PathVariable String modelId,
      @PathVariable String version,
      @RequestParam(defaultValue = "json") String format,
      @RequestParam(required = false) @Nullable String download) {
    return card(cards.find(modelId, version), modelId + " " + version, format, download != null);
  }

  private Run find(String runId) {
    return runs.run(runId)
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "no run " + runId));
  }

  private ResponseEntity<byte[]> card(
      Optional<ModelCard> found, String subject, String format, boolean download) {
    ModelCard card =
        found.orElseThrow(
            () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "no card of " + subject));
    return switch (format) {
      case "html" -> page(CardView.of(card, evidence), download);
      case "md" -> text(CardMarkdown.of(card), MediaType.TEXT_MARKDOWN);
      case "json" -> json(card);
      case "cyclonedx" -> bom(card);
      default ->
          throw new ResponseStatusException(
              HttpStatus.BAD_REQUEST, "format is json, html, md or cyclonedx");
    };
  }

  private ResponseEntity<byte[]> bom(ModelCard card) {
    try {
      return ResponseEntity.ok().contentType(CYCLONEDX).body(CardBom.of(card, artifacts));
    } catch (RejectionException e) {
      throw new ResponseStatusException(
          HttpStatus.INTERNAL_SERVER_ERROR, e.code() + ": " + e.reason(), e);
    } catch (IOException e) {
      throw new ResponseStatusException(
          HttpStatus.SERVICE_UNAVAILABLE, "the artifacts of the card cannot be read", e);
    }
  }

  /** A page with all it needs within itself; the one to keep has no way to the board. */
  private static ResponseEntity<byte[]> page(CardView view, boolean download) {
    String page = view.page(!download);
    return download
        ? Html.download(view.key().replace('/', '-') + ".html", page)
        : Html.alone(page);
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
