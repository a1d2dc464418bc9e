package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.e2e.documentation.FailureCodes;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.ProjectOutcome.Rejection;
import dev.mlhandoff.messages.ProjectOutcome.Status;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.Topics;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever is published ends in exactly one outcome, and the next good request goes through. */
class BadInputFlowTest {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String HOSTILE_NAME =
      "../../etc/passwd'; DROP TABLE por.claims; --<script>alert('x')</script>{{7*7}}${jndi:x}";

  private final FlowSystem system = FlowSystem.get();
  private final Map<String, RequestSource> published = new LinkedHashMap<>();
  private final Map<String, String> expected = new LinkedHashMap<>();

  @Test
  void everyBadRequestEndsInExactlyOneListedOutcomeAndGoodOnesGoThrough() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      system.sourceDatabase().refuse(Integer.MAX_VALUE);
      publishUnreadable(requests);
      publishUnresolvable(requests);
      publishBadData(requests);
      publishRepetitions(requests);
      publishHarmless(requests);
      Map<RequestSource, List<ProjectOutcome>> outcomes =
          requests.await(published.values(), PATIENCE);
      assertThat(system.sourceDatabase().refused())
          .as("first try and at least three retries")
          .isGreaterThanOrEqualTo(4);

      system.sourceDatabase().refuse(2);
      good(requests, "good after all, at the third try", "in_database");
      bad(requests, "MISSING_TABLE", "missing table", request("no_such_table", "churned"));
      requests.await(published.values(), PATIENCE);
      assertThat(system.sourceDatabase().refused()).isEqualTo(2);

      assertOutcomes(outcomes);
      assertRepetitions(outcomes);
      assertDeadLetters(requests);
      assertEscaped(outcomes);
    }
  }

  @Test
  void aRecordOverTheTopicsLimitIsRefusedToItsProducer() throws Exception {
    try (Requests requests = new Requests(system.backends().broker())) {
      byte[] huge = padded(request("good", "churned"), Topics.MAX_REQUEST_RECORD_BYTES + 1);
      assertThatThrownBy(() -> requests.publish(null, huge, List.of()))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(RecordTooLargeException.class);
    }
  }

  private void publishUnreadable(Requests requests) throws Exception {
    raw(requests, "EMPTY_REQUEST", "null value", null);
    raw(requests, "EMPTY_REQUEST", "no bytes", new byte[0]);
    bad(requests, "INVALID_JSON", "prose", "please build me a model");
    bad(requests, "INVALID_JSON", "cut off", "{\"name\": \"Churn\", \"dataset\": ");
    bad(requests, "INVALID_JSON", "two documents", "{} {}");
    bad(requests, "INVALID_JSON", "key twice", "{\"name\": \"a\", \"name\": \"b\"}");
    bad(requests, "INVALID_JSON", "5,000 deep", "{\"name\":".repeat(5000) + "1" + "}".repeat(5000));
    raw(
        requests,
        "INVALID_JSON",
        "not UTF-8",
        request("good", "churned").replace("Sprint 44", "caf\u00e9").getBytes(ISO_8859_1));
    byte[] noise = new byte[2000];
    new Random(3).nextBytes(noise);
    raw(requests, "INVALID_JSON", "noise", noise);
    bad(requests, "INVALID_REQUEST", "a list", "[1, 2]");
    bad(requests, "INVALID_REQUEST", "null", "null");
    bad(requests, "INVALID_REQUEST", "no keys", "{}");
    bad(requests, "INVALID_REQUEST", "number as name", with("\"Flow\"", "42"));
    bad(requests, "INVALID_REQUEST", "list as dataset", with("\"good\"", "[\"good\"]"));
    bad(requests, "INVALID_REQUEST", "name missing", with("\"name\": \"Flow\", ", ""));
    bad(requests, "INVALID_REQUEST", "name null", with("\"Flow\"", "null"));
    bad(requests, "INVALID_REQUEST", "NUL in name", with("Flow", "Fl\\u0000ow"));
    bad(requests, "INVALID_REQUEST", "half a surrogate", with("Flow", "Flow \\ud83d"));
    bad(requests, "INVALID_REQUEST", "unknown key", with("}", ", \"path\": \"/etc\"}"));
    bad(
        requests,
        "INVALID_REQUEST",
        "text as folds",
        with("}", ", \"requirements\": {\"folds\": \"five\"}}"));
    bad(
        requests,
        "INVALID_REQUEST",
        "steps that fall",
        with("}", ", \"rollout\": {\"steps\": [50, 25, 100]}}"));
    raw(
        requests,
        "REQUEST_TOO_LARGE",
        "over 64 KiB",
        padded(request("good", "churned"), Topics.MAX_REQUEST_BYTES + 1));
  }

  private void publishUnresolvable(Requests requests) throws Exception {
    bad(requests, "UNKNOWN_DATASET", "unknown dataset", request("nothing", "churned"));
    bad(requests, "UNKNOWN_DATASET", "path as dataset", request("../good.csv", "churned"));
    bad(requests, "UNKNOWN_DATASET", "SQL as dataset", request("good' OR '1'='1", "churned"));
    bad(requests, "UNKNOWN_TARGET", "unknown target", request("good", "nothing"));
    bad(requests, "UNKNOWN_TARGET", "column as target", request("good", "income"));
    bad(
        requests,
        "THRESHOLD_TOO_LOW",
        "threshold below the policy",
        with("}", ", \"qualityGate\": {\"threshold\": 0.1}}"));
    bad(
        requests,
        "UNKNOWN_MODEL",
        "unknown model family",
        with("}", ", \"requirements\": {\"models\": [\"oracle\"]}}"));
  }

  private void publishBadData(Requests requests) throws Exception {
    bad(requests, "SINGLE_CLASS_TARGET", "one class", request("good", "one_class"));
    bad(requests, "EMPTY_DATASET", "no rows", request("empty", "churned"));
    bad(requests, "EMPTY_DATASET", "no bytes in the file", request("blank_file", "churned"));
    bad(requests, "TOO_FEW_ROWS", "twelve rows", request("tiny", "churned"));
    bad(requests, "MISSING_COLUMN", "target gone", request("vanished_target", "churned"));
    bad(requests, "MISSING_COLUMN", "key gone", request("vanished_key", "churned"));
    bad(requests, "MISSING_FILE", "file gone", request("no_such_file", "churned"));
    bad(requests, "CORRUPT_SOURCE", "noise as Parquet", request("corrupt_parquet", "churned"));
    bad(requests, "CORRUPT_SOURCE", "cut-off Parquet", request("cut_parquet", "churned"));
    bad(requests, "DATA_QUALITY_FAILED", "hard check", request("out_of_range", "churned"));
    bad(requests, "INVALID_FEATURE_FILE", "bad features", request("misdeclared", "churned"));
    bad(requests, "NO_FEATURES", "no features", request("nothing_to_learn_from", "churned"));
    // With headers that the dead letter will carry on.
    record(
        "database down",
        "SERVICE_UNAVAILABLE",
        requests.publish(null, request("in_database", "churned").getBytes(UTF_8), hostile()));
  }

  private void publishRepetitions(Requests requests) throws Exception {
    byte[] key = "one partition".getBytes(UTF_8);
    String first = request("tiny", "churned").replace("}", ", \"correlationId\": \"flow-1\"}");
    record("first of an id", "TOO_FEW_ROWS", requests.publish(key, bytes(first), List.of()));
    record("same again", "TOO_FEW_ROWS", requests.publish(key, bytes(first), List.of()));
    record(
        "same in other words",
        "TOO_FEW_ROWS",
        requests.publish(key, bytes(first.replace(", ", " ,\n ")), List.of()));
    record(
        "another with the id",
        "DUPLICATE_CORRELATION_ID",
        requests.publish(key, bytes(first.replace("Sprint 44", "Sprint 45")), List.of()));
  }

  private void publishHarmless(Requests requests) throws Exception {
    String hostileName =
        request("good", "churned").replace("\"Flow\"", new String(Json.write(HOSTILE_NAME), UTF_8));
    good(requests, "hostile name", quick(hostileName), List.of());
    good(requests, "odd numbers", quick(request("odd_numbers", "churned")), List.of());
    good(requests, "hostile headers", quick(request("good", "churned")), hostile());
    good(requests, "the same without an id", quick(request("good", "churned")), List.of());
  }

  private void assertOutcomes(Map<RequestSource, List<ProjectOutcome>> outcomes) throws Exception {
    Set<String> listed = FailureCodes.ofReadme();
    assertThat(listed).hasSizeGreaterThan(20);
    SoftAssertions softly = new SoftAssertions();
    published.forEach(
        (what, source) -> {
          List<ProjectOutcome> found = outcomes.getOrDefault(source, List.of());
          softly.assertThat(found).as(what).hasSize(1);
          Rejection rejection = found.get(0).rejection();
          softly
              .assertThat(ending(found.get(0)))
              .as("%s: %s", what, rejection == null ? "" : rejection.message())
              .isEqualTo(expected.get(what));
          if (rejection != null) {
            softly.assertThat(listed).as(what).contains(rejection.code());
            softly.assertThat(rejection.message()).as(what).isNotBlank();
            softly.assertThat(rejection.message()).as(what).doesNotContain("Exception", "/tmp/");
          }
        });
    softly.assertAll();
  }

  private void assertRepetitions(Map<RequestSource, List<ProjectOutcome>> outcomes) {
    String first = outcome(outcomes, "first of an id").runId();
    for (String repetition : List.of("same again", "same in other words")) {
      assertThat(outcome(outcomes, repetition).answeredBy()).isEqualTo(first);
      assertThat(outcome(outcomes, repetition).runId()).isNotEqualTo(first);
    }
    ProjectOutcome one = outcome(outcomes, "hostile headers");
    ProjectOutcome other = outcome(outcomes, "the same without an id");
    assertThat(one.runId()).isNotEqualTo(other.runId());
    assertThat(one.modelId()).isEqualTo(other.modelId());
    assertThat(one.version()).isNotEqualTo(other.version());
  }

  /** Only what was given up is dead-lettered, with the bytes that were published. */
  private void assertDeadLetters(Requests requests) {
    List<ConsumerRecord<byte[], byte[]>> letters =
        requests.all(Topics.PROJECT_REQUESTS.deadLetterName());
    assertThat(letters)
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.value()).isEqualTo(bytes(request("in_database", "churned")));
              assertThat(letter.headers().lastHeader("binary").value()).hasSize(50_000);
            });
  }

  private void assertEscaped(Map<RequestSource, List<ProjectOutcome>> outcomes) throws Exception {
    String run = outcome(outcomes, "hostile name").runId();
    for (String format : List.of("html", "md")) {
      String page = Http.get(system.services().cards() + "/cards/" + run + "?format=" + format);
      assertThat(page).contains("alert").doesNotContain("<script>alert");
    }
    JsonNode card = Json.tree(bytes(Http.get(system.services().cards() + "/cards/" + run)));
    assertThat(card.get("model_name").asString()).isEqualTo(HOSTILE_NAME);
  }

  private ProjectOutcome outcome(Map<RequestSource, List<ProjectOutcome>> outcomes, String what) {
    RequestSource source = Objects.requireNonNull(published.get(what));
    return Objects.requireNonNull(outcomes.get(source)).get(0);
  }

  private static String ending(ProjectOutcome outcome) {
    Rejection rejection = outcome.rejection();
    return rejection == null || outcome.status() == Status.COMPLETED
        ? outcome.status().name()
        : rejection.code();
  }

  /** Headers that a careless consumer would act on, or choke on. */
  private static List<Header> hostile() {
    byte[] binary = new byte[50_000];
    new Random(5).nextBytes(binary);
    return List.of(
        header("__TypeId__", "javax.script.ScriptEngineManager"),
        header("spring_json_header_types", "{\"a\": \"java.lang.ProcessBuilder\"}"),
        header("a", "[\"touch\", \"/tmp/owned\"]"),
        header("contentType", "application/x-java-serialized-object"),
        header("traceparent", "00-not-a-trace-at-all"),
        header("ce_id", "x".repeat(10_000)),
        header("ce_specversion", "99"),
        header("kafka_dlt-original-offset", "x"),
        header("kafka_deliveryAttempt", "not four bytes"),
        header("springDeserializerExceptionValue", "\u00ac\u00ed\u0000\u0005"),
        header("", "no name"),
        new RecordHeader("nothing", (byte[]) null),
        new RecordHeader("binary", binary));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, bytes(value));
  }

  private void good(Requests requests, String what, String dataset) throws Exception {
    good(requests, what, quick(request(dataset, "churned")), List.of());
  }

  private void good(Requests requests, String what, String request, List<Header> headers)
      throws Exception {
    record(what, Status.COMPLETED.name(), requests.publish(null, bytes(request), headers));
  }

  private void bad(Requests requests, String code, String what, String request) throws Exception {
    raw(requests, code, what, bytes(request));
  }

  private void raw(Requests requests, String code, String what, byte @Nullable [] request)
      throws Exception {
    record(what, code, requests.publish(null, request, List.of()));
  }

  private void record(String what, String ending, RequestSource source) {
    assertThat(published.put(what, source)).as(what).isNull();
    expected.put(what, ending);
  }

  private static String request(String dataset, String target) {
    // Another model: against the incumbent of other data, its answers would be a shift.
    String name = dataset.equals("in_database") ? "Flow of a database" : "Flow";
    return "{\"name\": \"%s\", \"dataset\": \"%s\", \"target\": \"%s\", \"deadline\": \"Sprint 44\"}"
        .formatted(name, dataset, target);
  }

  private static String with(String part, String replacement) {
    return request("good", "churned").replace(part, replacement);
  }

  /** One model family, one rollout step and no hurry: enough to go through all stages. */
  private static String quick(String request) {
    return request.substring(0, request.length() - 1)
        + ", \"requirements\": {\"models\": [\"logistic_regression\"], \"latencyTargetMs\": 10000},"
        + " \"rollout\": {\"steps\": [100]}}";
  }

  private static byte[] padded(String request, int size) {
    byte[] content = bytes(request);
    byte[] padded = Arrays.copyOf(content, size);
    Arrays.fill(padded, content.length, size, (byte) ' ');
    return padded;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
