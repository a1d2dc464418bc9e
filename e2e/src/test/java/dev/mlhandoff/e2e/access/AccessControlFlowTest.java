package dev.mlhandoff.e2e.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.AccessRule.Operation;
import dev.mlhandoff.messages.AccessRule.Resource;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.Party;
import dev.mlhandoff.messages.ProjectOutcome;
import dev.mlhandoff.messages.Topic;
import dev.mlhandoff.messages.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
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

  @TempDir private Path folder;

  @Test
  void aRunGoesThroughAndNobodyMayDoMoreThanTheRulesSay() throws Exception {
    try (GuardedSystem system = new GuardedSystem(folder)) {
      ProjectOutcome outcome = run(system.client(Party.REQUESTER));
      assertThat(outcome.status()).as("%s", outcome).isEqualTo(ProjectOutcome.Status.COMPLETED);

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

  private static ProjectOutcome run(Map<String, Object> client) throws Exception {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("isolation.level", "read_committed");
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      String topic = Topics.PROJECT_OUTCOMES.name();
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      producer
          .send(new ProducerRecord<>(Topics.PROJECT_REQUESTS.name(), REQUEST.getBytes(UTF_8)))
          .get();
      List<ProjectOutcome> outcomes = new ArrayList<>();
      Awaitility.await("the outcome")
          .pollInSameThread()
          .atMost(Duration.ofMinutes(5))
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(
                        record -> outcomes.add(Json.read(record.value(), ProjectOutcome.class)));
                return !outcomes.isEmpty();
              });
      return outcomes.get(0);
    }
  }
}
