package dev.mlhandoff.card;

import dev.mlhandoff.runtime.RunIds;
import dev.mlhandoff.runtime.access.AccessProperties;
import dev.mlhandoff.runtime.access.Caller;
import dev.mlhandoff.runtime.access.RequiresRole;
import dev.mlhandoff.runtime.access.Role;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The board in the browser: runs as they progress, requests and decisions. */
@RestController
class BoardController {

  private static final int NEWEST_RUNS = 50;
  private static final Duration FOR_GOOD = Duration.ofDays(365);

  private final RunStore runs;
  private final CardBook cards;
  private final BoardStream stream;
  private final BoardPublisher publisher;
  private final MonitoringHistory monitoring;
  private final EvidenceReader evidence;
  private final AccessProperties access;

  BoardController(
      RunStore runs,
      CardBook cards,
      BoardStream stream,
      BoardPublisher publisher,
      MonitoringHistory monitoring,
      EvidenceReader evidence,
      AccessProperties access) {
    this.runs = runs;
    this.cards = cards;
    this.stream = stream;
    this.publisher = publisher;
    this.monitoring = monitoring;
    this.evidence = evidence;
    this.access = access;
  }

  @GetMapping("/")
  ResponseEntity<byte[]> runs() {
    return Html.answer(
        Html.of((out, tags) -> JterunsGenerated.render(out, tags, runs.newest(NEWEST_RUNS))));
  }

  /** A run's page; of a request that no stage has taken yet, what is awaited. */
  @GetMapping("/board/runs/{runId}")
  ResponseEntity<byte[]> run(
      @PathVariable String runId,
      @RequestParam(required = false) @Nullable String sent,
      @RequestParam(required = false) @Nullable String decided,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    Optional<Run> run = runs.run(runId);
    if (run.isEmpty()) {
      return sent != null && RunIds.isRunId(runId)
          ? Html.answer(Html.of((out, tags) -> JtesentGenerated.render(out, tags, runId)))
          : missing("There is no run " + runId + ".");
    }
    return page(HttpStatus.OK, run.get(), DecisionForm.blank(decided != null), visitor(caller));
  }

  /** The name on the decision is that of the token, wherever one is needed. */
  @PostMapping("/board/runs/{runId}/decision")
  @RequiresRole(Role.APPROVER)
  ResponseEntity<byte[]> decide(
      @PathVariable String runId,
      @RequestParam String decision,
      @RequestParam(defaultValue = "") String who,
      @RequestParam(defaultValue = "") String why,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    Optional<Run> run = runs.run(runId);
    if (run.isEmpty()) {
      return missing("There is no run " + runId + ".");
    }
    try {
      publisher.decide(
          DecisionForm.approval(runId, decision, caller == null ? who : caller.name(), why));
    } catch (IllegalArgumentException e) {
      return page(
          HttpStatus.UNPROCESSABLE_CONTENT,
          run.get(),
          new DecisionForm(who, why, false, String.valueOf(e.getMessage())),
          visitor(caller));
    }
    return seeOther("/board/runs/" + runId + "?decided");
  }

  /** What a stage wrote down about its work. */
  @GetMapping("/board/runs/{runId}/specs/{stage}/{attempt}")
  ResponseEntity<byte[]> specification(
      @PathVariable String runId, @PathVariable String stage, @PathVariable int attempt) {
    return runs.run(runId).stream()
        .flatMap(run -> StageFold.of(run).stream())
        .filter(made -> made.stage().equals(stage) && made.attempt() == attempt)
        .findFirst()
        .flatMap(made -> evidence.text(made.artifacts().get("spec-md")))
        .map(
            text ->
                Html.answer(
                    Html.of(
                        (out, tags) ->
                            JtespecificationGenerated.render(
                                out, tags, runId, stage, Markdown.html(text)))))
        .orElseGet(() -> missing("This stage has no specification that can be read."));
  }

  /** Every model with the versions that have a card. */
  @GetMapping("/board/models")
  ResponseEntity<byte[]> models() {
    return Html.answer(
        Html.of((out, tags) -> JtemodelsGenerated.render(out, tags, cards.byModel())));
  }

  @GetMapping("/board/request")
  ResponseEntity<byte[]> request(
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    return form(HttpStatus.OK, RequestForm.blank(), visitor(caller));
  }

  @PostMapping("/board/request")
  @RequiresRole(Role.REQUESTER)
  ResponseEntity<byte[]> publish(
      @RequestParam Map<String, String> fields,
      @RequestAttribute(name = Caller.ATTRIBUTE, required = false) @Nullable Caller caller) {
    RequestForm form = new RequestForm(fields, List.of()).checked();
    if (!form.violations().isEmpty()) {
      return form(HttpStatus.UNPROCESSABLE_CONTENT, form, visitor(caller));
    }
    return seeOther("/board/runs/" + publisher.request(form.request()) + "?sent");
  }

  @GetMapping("/board/assets/{digest}/{name}")
  ResponseEntity<String> asset(@PathVariable String digest, @PathVariable String name) {
    String text =
        Assets.find(digest, name)
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    return ResponseEntity.ok()
        .contentType(
            MediaType.parseMediaType(
                name.endsWith(".css") ? "text/css;charset=UTF-8" : "text/javascript;charset=UTF-8"))
        .header("X-Content-Type-Options", "nosniff")
        .cacheControl(CacheControl.maxAge(FOR_GOOD).cachePublic().immutable())
        .body(text);
  }

  /** Says {@code changed} whenever any run did. */
  @GetMapping("/board/stream")
  SseEmitter stream() {
    return stream.open();
  }

  private ResponseEntity<byte[]> page(
      HttpStatus status, Run run, DecisionForm form, Visitor visitor) {
    RunRecord record =
        RunRecords.record(run, runs.decision(run.runId()).map(Decision::outcome).orElse(null));
    return Html.answer(
        status,
        Html.of(
            (out, tags) ->
                JterunGenerated.render(
                    out,
                    tags,
                    record,
                    RunEvidence.of(record, cards, monitoring, evidence),
                    form,
                    visitor)));
  }

  private Visitor visitor(@Nullable Caller caller) {
    return new Visitor(access.guarded(), caller);
  }

  private static ResponseEntity<byte[]> form(HttpStatus status, RequestForm form, Visitor visitor) {
    return Html.answer(
        status, Html.of((out, tags) -> JterequestGenerated.render(out, tags, form, visitor)));
  }

  private static ResponseEntity<byte[]> missing(String what) {
    return Html.answer(
        HttpStatus.NOT_FOUND, Html.of((out, tags) -> JtemissingGenerated.render(out, tags, what)));
  }

  private static ResponseEntity<byte[]> seeOther(String path) {
    return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create(path)).build();
  }
}
