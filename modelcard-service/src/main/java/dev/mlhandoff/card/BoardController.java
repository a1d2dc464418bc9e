package dev.mlhandoff.card;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The board in the browser: runs with their stages, as they progress. */
@RestController
class BoardController {

  private static final int NEWEST_RUNS = 50;

  private final RunStore runs;
  private final BoardStream stream;

  BoardController(RunStore runs, BoardStream stream) {
    this.runs = runs;
    this.stream = stream;
  }

  @GetMapping("/")
  ResponseEntity<byte[]> runs(@RequestParam(required = false) @Nullable String part) {
    List<RunSummary> newest = runs.newest(NEWEST_RUNS);
    return Html.answer("live".equals(part) ? BoardPage.runsPart(newest) : BoardPage.runs(newest));
  }

  @GetMapping("/board/runs/{runId}")
  ResponseEntity<byte[]> run(
      @PathVariable String runId, @RequestParam(required = false) @Nullable String part) {
    Run run =
        runs.run(runId)
            .orElseThrow(
                () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "no run " + runId));
    RunRecord record =
        RunRecords.record(run, runs.decision(runId).map(Decision::outcome).orElse(null));
    return Html.answer("live".equals(part) ? BoardPage.runPart(record) : BoardPage.run(record));
  }

  /** Says {@code changed} whenever any run did. */
  @GetMapping("/board/stream")
  SseEmitter stream() {
    return stream.open();
  }
}
