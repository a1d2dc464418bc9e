package dev.mlhandoff.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.HandoffCommand;
import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.AccessRule.Operation;
import dev.mlhandoff.messages.AccessRule.Resource;
import dev.mlhandoff.messages.Party;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.runtime.access.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** With the authorizer on a run goes through, and everything that no rule allows is refused. */
@EnabledIfSystemProperty(named = "access", matches = "all")
class AccessControlFlowTest {

  private static final String REQUEST =
      """
      {"name": "Guarded loan", "dataset": "loans", "target": "repaid", "deadline": "Sprint 44",
       "requirements": {"models": ["logistic_regression"], "latencyTargetMs": 10000},
       "rollout": {"steps": [100]}}
      """;

  private static final String NO_RUN = "run-0123456789abcdef";

  @TempDir private Path folder;

  @Test
  void aRunGoesThroughAndNobodyMayDoMoreThanTheRulesSay() throws Exception {
    Path request = Files.writeString(folder.resolve("request.json"), REQUEST);
    try (GuardedSystem system = new GuardedSystem(folder)) {
      assertThat(handoff(system, Party.REQUESTER, "submit", request.toString(), "--wait"))
          .isEmpty();
      assertThat(handoff(system, Party.REQUESTER, "approve", NO_RUN))
          .startsWith("1: ")
          .contains("Not authorized to access topics: [gate.approvals.v1]");
      assertThat(handoff(system, Party.APPROVER, "approve", NO_RUN)).contains("NOT_PARKED");
      strangersStayOutside(system);
      restNeedsATokenAndHealthAnotherPort(system);

      system.stopServices();
      Set<String> allowed = new TreeSet<>();
      for (Party party : Party.values()) {
        try (Client client = new Client(party, system.client(party))) {
          allowed.addAll(acts(party, client));
        }
      }
      assertThat(allowed).isEqualTo(expected());
    }
  }

  private static void restNeedsATokenAndHealthAnotherPort(GuardedSystem system) throws Exception {
    assertThat(rollBack(system, "")).isEqualTo(401);
    assertThat(rollBack(system, "guess")).isEqualTo(401);
    assertThat(rollBack(system, GuardedSystem.token(Role.REQUESTER))).isEqualTo(403);
    assertThat(rollBack(system, GuardedSystem.token(Role.APPROVER)))
        .as("nothing to go back to")
        .isEqualTo(409);
    HttpRequest health =
        HttpRequest.newBuilder(URI.create(system.rollouts() + "/actuator/health")).build();
    assertThat(status(health)).isEqualTo(404);
  }

  private static int rollBack(GuardedSystem system, String token) throws Exception {
    HttpRequest.Builder order =
        HttpRequest.newBuilder(URI.create(system.rollouts() + "/models/guarded-loan/rollback"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    return status(
        token.isEmpty() ? order.build() : order.header("Authorization", "Bearer " + token).build());
  }

  private static int status(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private void strangersStayOutside(GuardedSystem system) throws Exception {
    Map<String, Object> requester = system.client(Party.REQUESTER);
    Map<String, Object> client = new HashMap<>(requester);
    client.put(
        "sasl.jaas.config",
        String.valueOf(requester.get("sasl.jaas.config")).replace("-secret", "-guess"));
    assertThat(refusal(client)).isInstanceOf(SaslAuthenticationException.class);

    client = new HashMap<>(requester);
    client.put(
        "ssl.truststore.location",
        BrokerCertificate.create(folder, "another").certificate().toString());
    assertThat(refusal(client)).isInstanceOf(SslAuthenticationException.class);

    client = new HashMap<>(requester);
    client.put("security.protocol", "SASL_PLAINTEXT");
    assertThat(refusal(client)).isInstanceOf(TimeoutException.class);
  }

  /** Every act that the broker did not refuse, of all that are tried. */
  private static Set<String> acts(Party party, Client client) throws Exception {
    Set<String> allowed = new TreeSet<>();
    for (String topic : topics()) {
      // Writing comes last: a reader that may also write must not read what it wrote here.
      if (client.mayRead(topic)) {
        allowed.add(act(party, Operation.READ, topic));
      }
      if (client.mayWrite(topic)) {
        allowed.add(act(party, Operation.WRITE, topic));
      }
    }
    for (Party other : Party.values()) {
      if (client.mayJoin(other, Topics.MODEL_CARDS.name())) {
        allowed.add(party + " joins " + other);
      }
      if (client.mayTransactAs(other)) {
        allowed.add(party + " transacts as " + other);
      }
    }
    return allowed;
  }

  private static Set<String> expected() {
    Set<String> expected = new TreeSet<>();
    for (AccessRule rule : AccessRule.all()) {
      for (Operation operation : rule.operations()) {
        if (rule.resource() == Resource.TOPIC && operation != Operation.DESCRIBE) {
          expected.add(act(rule.party(), operation, rule.name()));
        }
      }
    }
    for (Party party : Party.values()) {
      if (mayRead(party, Topics.MODEL_CARDS)) {
        expected.add(party + " joins " + party);
      }
      if (party.service().isPresent()) {
        expected.add(party + " transacts as " + party);
      }
    }
    return expected;
  }

  private static boolean mayRead(Party party, Topic<?> topic) {
    return AccessRule.all().stream()
        .anyMatch(rule -> rule.party() == party && rule.name().equals(topic.name()));
  }

  private static String act(Party party, Operation operation, String topic) {
    return party + " " + operation + " " + topic;
  }

  private static List<String> topics() {
    List<String> names = new ArrayList<>();
    Topics.all().forEach(topic -> names.add(topic.name()));
    Topics.withDeadLetters().forEach(topic -> names.add(topic.deadLetterName()));
    return names;
  }

  /** What the command says when it fails, given a party's properties file; empty if it did not. */
  private String handoff(GuardedSystem system, Party party, String... arguments)
      throws IOException {
    Properties properties = new Properties();
    properties.putAll(system.client(party));
    Path file = folder.resolve(party + ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    List<String> command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("--client", file.toString()));
    StringWriter said = new StringWriter();
    int status =
        HandoffCommand.commandLine()
            .setErr(new PrintWriter(said, true))
            .execute(command.toArray(String[]::new));
    return status == 0 ? "" : status + ": " + said;
  }

  private static @Nullable Throwable refusal(Map<String, Object> client)
      throws InterruptedException {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("request.timeout.ms", "10000");
    settings.put("default.api.timeout.ms", "10000");
    try (Admin admin = Admin.create(settings)) {
      admin.describeCluster().nodes().get();
      throw new AssertionError("was let in");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
