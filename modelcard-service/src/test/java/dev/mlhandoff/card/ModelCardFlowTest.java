package dev.mlhandoff.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.ArtifactRef;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.LineageEvent;
import dev.mlhandoff.messages.ModelCard;
import dev.mlhandoff.messages.MonitoringWindow.Kind;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.PipelineEvent.DuplicateRequest;
import dev.mlhandoff.messages.PipelineEvent.Rejected;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.RequestSource;
import dev.mlhandoff.messages.RouteTable;
import dev.mlhandoff.messages.RouteTable.Role;
import dev.mlhandoff.messages.StageIds;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.SharedPlatform;
import dev.mlhandoff.platform.TopicPlan;
import dev.mlhandoff.runtime.ArtifactStore;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import dev.mlhandoff.runtime.RejectionException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The service over a real broker, database and object store. */
class ModelCardFlowTest {

  private static final String PARKED = "run-00000000000000aa";
  private static final String FORM =
      "name=On+the+board&dataset=d&target=t&deadline=soon&folds=3&steps=10%2C+100";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static ConfigurableApplicationContext service = new GenericApplicationContext();

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startService() throws Exception {
    createTopics();
    service = start();
  }

  static void createTopics() throws Exception {
    SharedPlatform.get()
        .broker()
        .createTopics(
            Topics.all().stream().map(t -> new TopicPlan(t.name(), 2, t.configuration())).toList());
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Test
  void publishesOneOutcomeWithACardWhoseEvidenceCanBeRead() throws Exception {
    publish(SampleRun.routes("one", 4, Map.of("1.0.0", Role.PRODUCTION)));
    publish(SampleRun.of("run-one", "one", "1.0.0").complete(4));

    ProjectOutcome outcome = outcome("run-one");
    assertThat(outcome.status()).isEqualTo(ProjectOutcome.Status.COMPLETED);
    assertThat(outcome.source()).isEqualTo(new RequestSource("project.requests.v1", 0, 7));
    ModelCard card = newestCard("one/1.0.0");
    assertThat(card.deploymentStatus()).isEqualTo("production");
    assertThat(evidence(outcome)).isEqualTo(Json.write(card.evidence()));
    assertThat(Digests.sha256(evidence(outcome))).isEqualTo(card.evidenceDigest());
    assertThat(get("/cards/one"))
        .isEqualTo(get("/cards/one/1.0.0"))
        .isEqualTo(get("/cards/run-one"));
    assertThat(text("/cards/one?format=html")).doesNotContain("<script>alert");
    assertThat(get("/runs/run-one").get("stages")).hasSize(8);
    assertThat(get("/runs/run-one/events").size())
        .isEqualTo(SampleRun.of("run-one", "one", "1.0.0").complete(4).events().size());
    for (String page : List.of("/", "/board/runs/run-one")) {
      assertThat(text(page))
          .contains("&lt;script&gt;alert(1)", "completed")
          .doesNotContain("<script>alert");
    }
    assertThat(call("/").headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
    for (int number = 1; number <= 2; number++) {
      publisher()
          .sendNow(
              Topics.MONITORING_WINDOWS,
              "one",
              MonitoringHistoryTest.window("run-one", number, Kind.PREDICTIONS, 0.2 * number));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(text("/board/runs/run-one"))
                    .contains("Drift over time", "Population stability index", "x: psi 0.4000"));
    assertThat(status("/board/runs/none")).isEqualTo(404);
    assertThat(status("/runs/none")).isEqualTo(404);
    assertThat(status("/cards/one/9.0.0")).isEqualTo(404);
    assertThat(status("/cards/one?format=pdf")).isEqualTo(400);
  }

  /** Also where the artifacts cannot be read, as here. */
  @Test
  void everyEventOfARunIsToldAsLineageBelowTheProjectsRun() throws Exception {
    publish(SampleRun.of("run-lineage", "lineage", "1.0.0").complete(4));

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<LineageEvent> told = read(Topics.LINEAGE, "run-lineage");
              LineageEvent project = completed(told, "project");
              for (String stage : StageIds.OF_THE_CARD) {
                assertThat(completed(told, "project." + stage).run().at("/facets/parent/run/runId"))
                    .isEqualTo(project.run().path("runId"));
              }
            });
  }

  private static LineageEvent completed(List<LineageEvent> told, String job) {
    List<LineageEvent> found =
        told.stream()
            .filter(event -> event.job().path("name").asString("").equals(job))
            .filter(event -> event.eventType().equals("COMPLETE"))
            .toList();
    assertThat(found).as(job).isNotEmpty();
    return found.get(0);
  }

  @Test
  void aRequestFromTheBoardIsPublishedAsAnyOther() throws Exception {
    HttpResponse<String> broken = post("/board/request", "name=&folds=many&dataset=d&target=t");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(broken.body()).contains("INVALID_REQUEST", "integer expected", "value=\"many\"");
    for (String header : List.of("Sec-Fetch-Site=cross-site", "Origin=http://elsewhere.example")) {
      assertThat(post("/board/request", FORM, header.split("=", 2)).statusCode()).isEqualTo(403);
    }
    assertThat(read(Topics.PROJECT_REQUESTS, "on-the-board")).isEmpty();

    HttpResponse<String> sent = post("/board/request", FORM, "Sec-Fetch-Site", "same-origin");

    assertThat(sent.statusCode()).isEqualTo(303);
    assertThat(read(Topics.PROJECT_REQUESTS, "on-the-board"))
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.requirements().folds()).isEqualTo(3);
              assertThat(request.rollout().steps()).containsExactly(10, 100);
            });
    String page = sent.headers().firstValue("Location").orElseThrow();
    assertThat(page).matches(".*/board/runs/run-[0-9a-f]{16}\\?sent");
    assertThat(text(page.substring(page.indexOf("/board")))).contains("Waiting for");
  }

  @Test
  void aDecisionFromTheBoardReachesTheGate() throws Exception {
    publish(SampleRun.of(PARKED, "parked", "1.0.0").accepted("Parked", "soon").parked());
    await().atMost(PATIENCE).until(() -> status("/board/runs/" + PARKED) == 200);
    await().atMost(PATIENCE).until(() -> text("/board/runs/" + PARKED).contains("Your name"));
    String path = "/board/runs/" + PARKED + "/decision";
    assertThat(post(path, "decision=waive&who=Ada&why=").statusCode()).isEqualTo(422);
    assertThat(post(path, "decision=expire&who=Ada&why=late").statusCode()).isEqualTo(422);
    assertThat(post(path, "decision=waive&who=Ada&why=known", "Origin", "null").statusCode())
        .isEqualTo(403);
    assertThat(read(Topics.GATE_APPROVALS, PARKED)).isEmpty();

    assertThat(post(path, "decision=waive&who=Ada&why=known").statusCode()).isEqualTo(303);
    assertThat(read(Topics.GATE_APPROVALS, PARKED))
        .containsExactly(new Approval(PARKED, Approval.Decision.WAIVE, "Ada", "known"));
  }

  @Test
  void anOpenBoardIsToldThatARunMoved() throws Exception {
    HttpResponse<java.util.stream.Stream<String>> stream =
        client.send(
            HttpRequest.newBuilder(address("/board/stream")).build(),
            HttpResponse.BodyHandlers.ofLines());
    try (var lines = stream.body()) {
      publish(SampleRun.of("run-board", "board", "1.0.0").accepted("Board", "soon"));
      assertThat(lines.anyMatch("event:changed"::equals)).isTrue();
    }
  }

  @Test
  void statusFollowsTheRouteUnderARisingRevisionAndTheEvidenceStays() throws Exception {
    publish(SampleRun.routes("two", 4, Map.of("1.0.0", Role.PRODUCTION)));
    publish(SampleRun.of("run-two", "two", "1.0.0").complete(4));
    outcome("run-two");
    ModelCard first = newestCard("two/1.0.0");

    publish(SampleRun.routes("two", 9, Map.of("1.0.0", Role.STANDBY, "2.0.0", Role.PRODUCTION)));
    await().atMost(PATIENCE).until(() -> deployed("two/1.0.0").equals("superseded"));
    publish(SampleRun.routes("two", 8, Map.of("1.0.0", Role.PRODUCTION)));
    publish(SampleRun.routes("two", 10, Map.of("2.0.0", Role.PRODUCTION)));
    await().atMost(PATIENCE).until(() -> deployed("two/1.0.0").equals("retired"));

    // A state may be sent twice, by the listener and by the follower, but never an older one.
    List<ModelCard> states = read(Topics.MODEL_CARDS, "two/1.0.0").stream().distinct().toList();
    assertThat(states)
        .extracting(ModelCard::deploymentStatus)
        .containsExactly("production", "superseded", "retired");
    assertThat(states)
        .extracting(card -> Long.parseLong(String.valueOf(card.status().get("revision"))))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(states)
        .allSatisfy(
            card -> {
              assertThat(card.evidenceDigest()).isEqualTo(first.evidenceDigest());
              assertThat(Digests.sha256(Json.write(card.evidence())))
                  .isEqualTo(first.evidenceDigest());
            });
    assertThat(get("/cards/two").get("deployment_status").asString()).isEqualTo("retired");
  }

  @Test
  void aRepeatedRequestIsAnsweredWhetherItCameBeforeOrAfterTheOutcome() throws Exception {
    SampleRun first = SampleRun.of("run-three", "three", "1.0.0").accepted("Three", "soon");
    first.add(repetition("run-early", "run-three", first));
    first.rejected("GATE_EXHAUSTED");
    first.add(repetition("run-late", "run-three", first));
    publish(first);

    for (String runId : List.of("run-three", "run-early", "run-late")) {
      ProjectOutcome outcome = outcome(runId);
      assertThat(outcome.answeredBy()).isEqualTo("run-three");
      assertThat(outcome.rejection()).isNotNull();
    }
    assertThat(get("/runs/run-early").get("answeredBy").asString()).isEqualTo("run-three");
    assertThat(get("/runs/run-late").get("status").asString()).isEqualTo("REJECTED");
  }

  @Test
  void lostStateComesBackFromTheTopicsAndNoOutcomeIsPublishedTwice() throws Exception {
    publish(SampleRun.routes("four", 4, Map.of("1.0.0", Role.PRODUCTION)));
    publish(SampleRun.of("run-four", "four", "1.0.0").complete(4));
    SampleRun rejected = SampleRun.of("run-five", "five", "1.0.0").accepted("Five", "soon");
    rejected.rejected("GATE_EXHAUSTED").add(repetition("run-six", "run-five", rejected));
    publish(rejected);
    publisher().sendNow(Topics.PIPELINE_EVENTS, "run-five", Map.of("type", "FromAFutureVersion"));
    outcome("run-four");
    outcome("run-six");
    List<String> paths =
        List.of("/runs/run-four", "/runs/run-five", "/runs/run-six", "/cards/four/1.0.0");
    List<JsonNode> before = new ArrayList<>();
    for (String path : paths) {
      before.add(get(path));
    }

    service.close();
    JdbcClient.create(
            new org.springframework.jdbc.datasource.DriverManagerDataSource(
                SharedPlatform.get().database().jdbcUrl(), "postgres", "postgres"))
        .sql("DROP SCHEMA card CASCADE")
        .update();
    service = start();

    await().atMost(PATIENCE).until(() -> deployedByRest("/cards/four").equals("production"));
    for (int i = 0; i < paths.size(); i++) {
      assertThat(get(paths.get(i))).isEqualTo(before.get(i));
    }
    publish(SampleRun.of("run-seven", "seven", "1.0.0").accepted("Seven", "soon").rejected("ANY"));
    outcome("run-seven");
    for (String runId : List.of("run-four", "run-five", "run-six", "run-seven")) {
      assertThat(read(Topics.PROJECT_OUTCOMES, runId)).as(runId).hasSize(1);
    }
  }

  @Test
  void whatIsStoredDependsNeitherOnOrderNorOnRepetition() {
    SampleRun sample = SampleRun.of("run-eight", "eight", "1.0.0").complete(4).rejected("LATE");
    sample.add(repetition("run-nine", "run-eight", sample));
    List<RecordedEvent> events = sample.recorded();
    String expected = stored(events);
    Random random = new Random(7);
    for (int i = 0; i < 6; i++) {
      List<RecordedEvent> shuffled = new ArrayList<>(events);
      shuffled.addAll(events.subList(0, random.nextInt(events.size())));
      Collections.shuffle(shuffled, random);
      assertThat(stored(shuffled)).isEqualTo(expected);
    }
  }

  @Test
  void anOutcomeIsDecidedByOneRecordHoweverOftenThatIsDelivered() {
    SampleRun sample = SampleRun.of("run-ten", "ten", "1.0.0").accepted("Ten", "soon");
    sample.rejected("ANY").stage("training", 1);
    EventFold fold = service.getBean(EventFold.class);
    List<RecordedEvent> events = sample.recorded();
    for (int delivery = 0; delivery < 3; delivery++) {
      for (RecordedEvent event : events) {
        assertThat(fold.fold(event)).hasSize(event.event() instanceof Rejected ? 1 : 0);
      }
    }
  }

  /** Folds the events from nothing and gives back every row that came of them. */
  private static String stored(List<RecordedEvent> events) {
    JdbcClient jdbc = service.getBean(JdbcClient.class);
    String runs = " WHERE run_id IN ('run-eight', 'run-nine')";
    List<String> tables = List.of("events", "runs", "outcomes", "repetitions", "cards");
    tables.forEach(table -> jdbc.sql("DELETE FROM card." + table + runs).update());
    events.forEach(service.getBean(EventFold.class)::fold);
    StringBuilder rows = new StringBuilder();
    for (String table : tables) {
      String columns = table.equals("cards") ? "run_id, content" : "*";
      jdbc
          .sql("SELECT (t)::text FROM (SELECT " + columns + " FROM card." + table + runs + ") t")
          .query(String.class)
          .list()
          .stream()
          .sorted()
          .forEach(rows::append);
    }
    return rows.toString();
  }

  private static DuplicateRequest repetition(String runId, String firstRunId, SampleRun clock) {
    return new DuplicateRequest(
        runId + "/repeats",
        runId,
        clock.tick(),
        firstRunId,
        new RequestSource("project.requests.v1", 1, 8),
        "c-1");
  }

  /** The service over the shared platform, with further settings. */
  static ConfigurableApplicationContext start(String... further) {
    EmbeddedPlatform platform = SharedPlatform.get();
    List<String> arguments = new ArrayList<>(List.of(further));
    arguments.add("--spring.config.name=modelcard-service");
    arguments.add("--server.port=0");
    arguments.add("--spring.kafka.bootstrap-servers=" + platform.broker().bootstrapServers());
    arguments.add("--spring.datasource.url=" + platform.database().jdbcUrl());
    arguments.add("--handoff.artifacts.endpoint=" + platform.objectStore().endpoint());
    arguments.add("--handoff.artifacts.access-key=" + EmbeddedObjectStore.ACCESS_KEY);
    arguments.add("--handoff.artifacts.secret-key=" + EmbeddedObjectStore.SECRET_KEY);
    return new SpringApplicationBuilder(ModelCardApplication.class)
        .run(arguments.toArray(String[]::new));
  }

  private static MessagePublisher publisher() {
    return service.getBean(MessagePublisher.class);
  }

  private static void publish(SampleRun sample) {
    for (PipelineEvent event : sample.events()) {
      publisher().sendNow(event);
    }
  }

  private static void publish(RouteTable table) {
    publisher().sendNow(Topics.SERVING_ROUTES, table.modelId(), table);
  }

  private static ProjectOutcome outcome(String runId) {
    await().atMost(PATIENCE).until(() -> !read(Topics.PROJECT_OUTCOMES, runId).isEmpty());
    List<ProjectOutcome> outcomes = read(Topics.PROJECT_OUTCOMES, runId);
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }

  private static ModelCard newestCard(String key) {
    List<ModelCard> cards = read(Topics.MODEL_CARDS, key);
    return cards.get(cards.size() - 1);
  }

  private static String deployed(String key) {
    return newestCard(key).deploymentStatus();
  }

  private String deployedByRest(String path) throws IOException, InterruptedException {
    return get(path).get("deployment_status").asString();
  }

  private static byte[] evidence(ProjectOutcome outcome) throws IOException, RejectionException {
    ArtifactRef evidence = Objects.requireNonNull(outcome.card());
    return service.getBean(ArtifactStore.class).read(evidence);
  }

  /** All committed values under a key. */
  static <T> List<T> read(Topic<T> topic, String key) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            SharedPlatform.get().broker().bootstrapServers(),
            "isolation.level",
            "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<T> values = new ArrayList<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (new String(record.key(), StandardCharsets.UTF_8).equals(key)) {
            values.add(Json.read(record.value(), topic.valueType()));
          }
        }
      }
      return values;
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return Json.tree(text(path).getBytes(StandardCharsets.UTF_8));
  }

  private String text(String path) throws IOException, InterruptedException {
    return call(path).body();
  }

  private int status(String path) throws IOException, InterruptedException {
    return call(path).statusCode();
  }

  private HttpResponse<String> call(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String form, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI address(String path) {
    String port = service.getEnvironment().getProperty("local.server.port");
    return URI.create("http://localhost:" + port + path);
  }
}
