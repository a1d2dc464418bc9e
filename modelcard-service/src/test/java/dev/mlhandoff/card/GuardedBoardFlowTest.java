package dev.mlhandoff.card;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.messages.Approval;
import dev.mlhandoff.messages.PipelineEvent;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.MessagePublisher;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The board where doing anything needs a token. */
class GuardedBoardFlowTest {

  private static final String PARKED = "run-00000000000000bb";
  private static final String PAGE = "/board/runs/" + PARKED;
  private static final String REQUEST = "name=Guarded+board&dataset=d&target=t&deadline=soon";
  private static final String UNUSUAL = "Joë's; 100 % of +it, \"all\"";
  private static ConfigurableApplicationContext service = new GenericApplicationContext();

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startService() throws Exception {
    ModelCardFlowTest.createTopics();
    service =
        ModelCardFlowTest.start(
            "--handoff.access.tokens[0].name=Rita",
            "--handoff.access.tokens[0].sha256=" + Digests.sha256("token-of-rita".getBytes(UTF_8)),
            "--handoff.access.tokens[0].roles=requester",
            "--handoff.access.tokens[1].name=Ada",
            "--handoff.access.tokens[1].sha256=" + Digests.sha256("token-of-ada".getBytes(UTF_8)),
            "--handoff.access.tokens[1].roles=approver",
            "--handoff.access.tokens[2].name=Joe",
            "--handoff.access.tokens[2].sha256=" + Digests.sha256(UNUSUAL.getBytes(UTF_8)),
            "--handoff.access.tokens[2].roles=requester",
            "--management.server.port=0");
    for (PipelineEvent event :
        SampleRun.of(PARKED, "guarded", "1.0.0").accepted("Guarded", "soon").parked().events()) {
      service.getBean(MessagePublisher.class).sendNow(event);
    }
  }

  @AfterAll
  static void stopService() {
    service.close();
  }

  @Test
  void onlyAnApproverDecidesAndUnderTheNameOfTheToken() throws Exception {
    await().atMost(Duration.ofSeconds(30)).until(() -> get(PAGE).contains("Waits for a decision"));
    String decision = "decision=waive&who=Mallory&why=known";
    assertThat(post(PAGE + "/decision", decision).statusCode()).isEqualTo(401);
    HttpResponse<String> requester =
        post(PAGE + "/decision", decision, "Cookie", "handoff-token=token-of-rita");
    assertThat(requester.statusCode()).isEqualTo(403);
    assertThat(requester.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(ModelCardFlowTest.read(Topics.GATE_APPROVALS, PARKED)).isEmpty();

    HttpResponse<String> signedIn = post("/board/sign-in", "token=token-of-ada&to=" + PAGE);
    assertThat(signedIn.statusCode()).isEqualTo(303);
    assertThat(signedIn.headers().firstValue("Location").orElse("")).endsWith(PAGE);
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
    String token = cookie.split(";", 2)[0];
    assertThat(
            post(PAGE + "/decision", decision, "Cookie", token, "Sec-Fetch-Site", "same-site")
                .statusCode())
        .isEqualTo(403);

    assertThat(post(PAGE + "/decision", decision, "Cookie", token).statusCode()).isEqualTo(303);
    assertThat(ModelCardFlowTest.read(Topics.GATE_APPROVALS, PARKED))
        .containsExactly(new Approval(PARKED, Approval.Decision.WAIVE, "Ada", "known"));
  }

  @Test
  void onlyARequesterPublishesARequest() throws Exception {
    for (String authorization : new String[] {"Basic x", "Bearer token-of-ada"}) {
      assertThat(post("/board/request", REQUEST, "Authorization", authorization).statusCode())
          .isBetween(401, 403);
    }
    assertThat(ModelCardFlowTest.read(Topics.PROJECT_REQUESTS, "guarded-board")).isEmpty();

    assertThat(
            post("/board/request", REQUEST, "Authorization", "Bearer token-of-rita").statusCode())
        .isEqualTo(303);
    assertThat(ModelCardFlowTest.read(Topics.PROJECT_REQUESTS, "guarded-board")).hasSize(1);
  }

  @Test
  void pagesShowWhatTheVisitorMayDo() throws Exception {
    assertThat(get("/board/request"))
        .contains("/board/sign-in?to=/board/request")
        .doesNotContain("action=\"/board/request\"");
    assertThat(get("/board/request", "Cookie", "handoff-token=token-of-ada"))
        .contains("signed in as Ada")
        .doesNotContain("action=\"/board/request\"");
    assertThat(get("/board/request", "Cookie", "handoff-token=token-of-rita"))
        .contains("action=\"/board/request\"");
    await().atMost(Duration.ofSeconds(30)).until(() -> get(PAGE).contains("Waits for a decision"));
    assertThat(get(PAGE)).contains("/board/sign-in?to=" + PAGE).doesNotContain("Your name");
    assertThat(get(PAGE, "Cookie", "handoff-token=token-of-ada"))
        .contains("You decide as <strong>Ada</strong>")
        .doesNotContain("Your name");
  }

  @Test
  void signingInTakesKnownTokensAndLeadsNowhereElse() throws Exception {
    HttpResponse<String> unknown = post("/board/sign-in", "token=token-of-nobody");
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).contains("Nobody holds this token.");
    assertThat(unknown.headers().firstValue("Set-Cookie")).isEmpty();
    for (String elsewhere : new String[] {"//elsewhere.example", "https://elsewhere.example"}) {
      assertThat(
              post("/board/sign-in", "token=token-of-ada&to=" + elsewhere)
                  .headers()
                  .firstValue("Location")
                  .orElse(""))
          .doesNotContain("elsewhere");
    }
    assertThat(post("/board/sign-out", "").headers().firstValue("Set-Cookie").orElse(""))
        .startsWith("handoff-token=;")
        .contains("Max-Age=0");
  }

  @Test
  void anyTokenSurvivesTheCookie() throws Exception {
    HttpResponse<String> signedIn =
        post("/board/sign-in", "token=" + URLEncoder.encode(UNUSUAL, UTF_8));
    assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(303);
    String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    assertThat(get("/board/sign-in", "Cookie", cookie)).contains("signed in as Joe");
    assertThat(get("/board/sign-in", "Cookie", "handoff-token=%zz")).contains("Token");
  }

  @Test
  void healthAndMetricsMayHaveAPortOfTheirOwn() throws Exception {
    assertThat(get("/actuator/health")).contains("Not Found");
    String port = service.getEnvironment().getProperty("local.management.port");
    HttpResponse<String> health =
        client.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
  }

  private String get(String path, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
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
