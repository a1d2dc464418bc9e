package dev.mlhandoff.far;

import dev.mlhandoff.far.PointInTimeValues.Pair;
import dev.mlhandoff.messages.FeatureView;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.RejectionException;
import dev.mlhandoff.runtime.access.ChangesNothing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.core.JacksonException;

/** The registry of feature views, for programs and for people, and the values as of a moment. */
@RestController
class FeatureViewController {

  private static final int MAX_PAIRS = 10_000;
  private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private final FeatureRegistry registry;
  private final PointInTimeValues values;

  FeatureViewController(FeatureRegistry registry, PointInTimeValues values) {
    this.registry = registry;
    this.values = values;
  }

  /**
   * What is asked of the offline table.
   *
   * @param version null looks at every version that has the features
   */
  record Question(
      @Nullable List<Pair> pairs, @Nullable List<String> features, @Nullable String version) {}

  @GetMapping(value = "/features/views", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] views() {
    return Json.write(registry.newest());
  }

  @GetMapping(
      value = "/features/views/{project}/{view}",
      produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] versions(@PathVariable String project, @PathVariable String view) {
    return Json.write(found(project, view));
  }

  @GetMapping(
      value = "/features/views/{project}/{view}/{version}",
      produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] version(
      @PathVariable String project, @PathVariable String view, @PathVariable String version) {
    return Json.write(one(project, view, version));
  }

  @GetMapping(value = "/features/views", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<byte[]> viewsPage() {
    return page(ViewPage.list(registry.newest()));
  }

  @GetMapping(value = "/features/views/{project}/{view}", produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<byte[]> versionsPage(@PathVariable String project, @PathVariable String view) {
    return page(ViewPage.list(found(project, view)));
  }

  @GetMapping(
      value = "/features/views/{project}/{view}/{version}",
      produces = MediaType.TEXT_HTML_VALUE)
  ResponseEntity<byte[]> versionPage(
      @PathVariable String project, @PathVariable String view, @PathVariable String version) {
    return page(ViewPage.one(one(project, view, version)));
  }

  /** The values that were known at each pair's moment. */
  @PostMapping(
      value = "/features/views/{project}/{view}/values",
      produces = MediaType.APPLICATION_JSON_VALUE)
  @ChangesNothing
  byte[] values(@PathVariable String project, @PathVariable String view, @RequestBody byte[] body)
      throws IOException, SQLException, RejectionException {
    Question question = question(body);
    List<Pair> pairs = Objects.requireNonNull(question.pairs());
    List<FeatureView> versions =
        question.version() == null
            ? found(project, view)
            : List.of(one(project, view, question.version()));
    FeatureView newest = versions.get(0);
    List<String> features =
        question.features() == null
            ? newest.features().stream().map(FeatureView.Feature::name).toList()
            : question.features();
    for (String feature : features) {
      if (newest.feature(feature).isEmpty()) {
        throw new ResponseStatusException(
            HttpStatus.NOT_FOUND, newest.key() + " has no feature " + feature);
      }
    }
    // The oldest first; a version without one of the features cannot say anything about them.
    List<FeatureView> usable =
        oldestFirst(versions).stream()
            .filter(version -> features.stream().allMatch(f -> version.feature(f).isPresent()))
            .toList();
    return Json.write(values.find(usable, features, pairs));
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> changed(RejectionException e) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.INTERNAL_SERVER_ERROR, e.reason());
    problem.setProperty("code", e.code());
    return ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).body(problem);
  }

  private static Question question(byte[] body) {
    if (body.length > MAX_BODY_BYTES) {
      throw new ResponseStatusException(
          HttpStatus.CONTENT_TOO_LARGE, "at most " + MAX_BODY_BYTES + " bytes");
    }
    try {
      Question question = Json.read(body, Question.class);
      List<Pair> pairs = question.pairs();
      if (pairs == null || pairs.isEmpty() || pairs.size() > MAX_PAIRS) {
        throw new ResponseStatusException(
            HttpStatus.BAD_REQUEST, "give 1 to " + MAX_PAIRS + " pairs of entity and at");
      }
      for (Pair pair : pairs) {
        if (pair == null || pair.entity() == null || pair.at() == null) {
          throw new ResponseStatusException(
              HttpStatus.BAD_REQUEST, "a pair has an entity and at, a time in UTC");
        }
      }
      return question;
    } catch (JacksonException e) {
      throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "the body is no question", e);
    }
  }

  private static List<FeatureView> oldestFirst(List<FeatureView> newestFirst) {
    List<FeatureView> reversed = new ArrayList<>(newestFirst);
    Collections.reverse(reversed);
    return reversed;
  }

  private List<FeatureView> found(String project, String view) {
    List<FeatureView> versions = registry.versions(project, view);
    if (versions.isEmpty()) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no feature view of this name");
    }
    return versions;
  }

  private FeatureView one(String project, String view, String version) {
    return registry
        .find(project, view, version)
        .orElseThrow(
            () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "no such feature view"));
  }

  private static ResponseEntity<byte[]> page(String content) {
    return ResponseEntity.ok()
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
                + " form-action 'none'; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .body(content.getBytes(StandardCharsets.UTF_8));
  }
}
