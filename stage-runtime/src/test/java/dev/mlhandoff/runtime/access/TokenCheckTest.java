package dev.mlhandoff.runtime.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlhandoff.messages.Json;
import dev.mlhandoff.runtime.Digests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The check of tokens over HTTP, in a service that requires them and in one that does not. */
class TokenCheckTest {

  private static ConfigurableApplicationContext guarded = new GenericApplicationContext();
  private static ConfigurableApplicationContext open = new GenericApplicationContext();

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startServices() {
    guarded =
        start(
            "--handoff.access.tokens[0].name=Rita",
            "--handoff.access.tokens[0].sha256=" + digest("token-of-rita"),
            "--handoff.access.tokens[0].roles=requester",
            "--handoff.access.tokens[1].name=Ada",
            "--handoff.access.tokens[1].sha256=" + digest("token-of-ada"),
            "--handoff.access.tokens[1].roles=approver",
            "--handoff.access.tokens[2].name=Bo",
            "--handoff.access.tokens[2].sha256=" + digest("token-of-bo"),
            "--handoff.access.tokens[2].roles=requester,approver");
    open = start();
  }

  @AfterAll
  static void stopServices() {
    guarded.close();
    open.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/order, , 401, TOKEN_MISSING, Bearer",
    "/order, Basic token-of-rita, 401, TOKEN_MISSING, Bearer",
    "/order, Bearer token-of-nobody, 401, TOKEN_UNKNOWN, 'Bearer error=\"invalid_token\"'",
    "/order, Bearer token-of-rit, 401, TOKEN_UNKNOWN, 'Bearer error=\"invalid_token\"'",
    "/order, Bearer, 401, TOKEN_MISSING, Bearer",
    "/order, Bearer token-of-ada, 403, ROLE_MISSING, 'Bearer error=\"insufficient_scope\"'",
    "/approve, Bearer token-of-rita, 403, ROLE_MISSING, 'Bearer error=\"insufficient_scope\"'",
    "/forgotten, Bearer token-of-bo, 403, ROLE_MISSING, 'Bearer error=\"insufficient_scope\"'",
    "/forgotten, , 401, TOKEN_MISSING, Bearer",
    "/nowhere, , 401, TOKEN_MISSING, Bearer",
  })
  void refusesAsProblemAndNothingIsDone(
      String path, String authorization, int status, String code, String challenge)
      throws Exception {
    HttpResponse<String> answer = post(guarded, path + "?who=Mallory", authorization);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains(challenge);
    var problem = Json.tree(answer.body().getBytes(UTF_8));
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("detail").asString()).isNotBlank();
    assertThat(changes(guarded)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"/ask, 200, answer", "/fails, 500, Internal Server Error"})
  void aQuestionNeedsNoTokenAndItsErrorIsToldAsItIs(String path, int status, String body)
      throws Exception {
    HttpResponse<String> answer = post(guarded, path, null);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(body);
  }

  @Test
  void aLookNeedsNoTokenButKnowsWhoseItIs() throws Exception {
    assertThat(get("/look", null)).isEqualTo("nobody");
    assertThat(get("/look", "Bearer token-of-nobody")).isEqualTo("nobody");
    assertThat(get("/look", "bearer token-of-rita")).isEqualTo("Rita");
  }

  @Test
  void theNameOnAnApprovalIsTheTokens() throws Exception {
    int before = changes(guarded);
    try {
      assertThat(post(guarded, "/approve?who=Mallory", "Bearer token-of-ada").body())
          .isEqualTo("approved by Ada");
      assertThat(post(guarded, "/approve?who=Mallory", "Bearer token-of-bo").body())
          .isEqualTo("approved by Bo");
      assertThat(post(guarded, "/order", "Bearer token-of-rita").statusCode()).isEqualTo(200);
      assertThat(changes(guarded)).isEqualTo(before + 3);
    } finally {
      guarded.getBean(GuardedService.Handlers.class).changes.set(before);
    }
  }

  @Test
  void whereNoTokenIsRequiredTheRequestNamesWhoDecides() throws Exception {
    assertThat(post(open, "/approve?who=anyone", null).body()).isEqualTo("approved by anyone");
    assertThat(post(open, "/forgotten", null).statusCode()).isEqualTo(200);
  }

  @Test
  void requiredTokensOfWhichNoneIsKnownShutEveryChange() {
    assertThat(new AccessProperties(true, List.of()).guarded()).isTrue();
    assertThat(new AccessProperties(false, List.of()).guarded()).isFalse();
    assertThat(new Tokens(List.of()).holder("")).isEmpty();
  }

  @Test
  void aTokenThatCouldNotWorkIsRefusedAtTheStart() {
    String digest = digest("t");
    assertThatThrownBy(() -> token("", digest, Role.APPROVER)).hasMessageContaining("name");
    assertThatThrownBy(() -> token("Ada", "t", Role.APPROVER)).hasMessageContaining("Ada");
    assertThatThrownBy(() -> token("Ada", digest)).hasMessageContaining("role");
    assertThatThrownBy(
            () ->
                new AccessProperties(
                    true,
                    List.of(
                        token("Ada", digest, Role.APPROVER), token("Bo", digest, Role.REQUESTER))))
        .hasMessageContaining("Bo");
  }

  private static AccessProperties.Token token(String name, String sha256, Role... roles) {
    return new AccessProperties.Token(name, sha256, Set.of(roles));
  }

  private static int changes(ConfigurableApplicationContext service) {
    return service.getBean(GuardedService.Handlers.class).changes.get();
  }

  private String get(String path, @Nullable String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address(guarded, path));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> post(
      ConfigurableApplicationContext service, String path, @Nullable String authorization)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(service, path)).POST(HttpRequest.BodyPublishers.noBody());
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI address(ConfigurableApplicationContext service, String path) {
    String port = service.getEnvironment().getProperty("local.server.port");
    return URI.create("http://localhost:" + port + path);
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--server.port=0");
    return new SpringApplicationBuilder(GuardedService.class).run(all.toArray(String[]::new));
  }

  private static String digest(String token) {
    return Digests.sha256(token.getBytes(UTF_8));
  }
}
