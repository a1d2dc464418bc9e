package dev.mlhandoff.ior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mlhandoff.ior.Predictor.Row;
import dev.mlhandoff.ior.Router.Chosen;
import dev.mlhandoff.ior.serving.DeviationPolicy;
import dev.mlhandoff.ior.serving.RecordValidator;
import dev.mlhandoff.ior.serving.ServingModel;
import dev.mlhandoff.messages.Alert;
import dev.mlhandoff.messages.Json;
import dev.mlhandoff.messages.PredictionLog;
import dev.mlhandoff.messages.Topics;
import dev.mlhandoff.ml.bundle.ModelBundle;
import dev.mlhandoff.runtime.MessagePublisher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

class PredictionJournalTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
  private @Nullable ServingModel model;

  @BeforeEach
  void loadModel() throws Exception {
    ModelBundle bundle =
        ModelBundle.read(Files.write(folder.resolve("bundle.zip"), Bundles.ofOneNumber()));
    model =
        new ServingModel(
            "churn",
            "1.0.0",
            bundle,
            Bundles.FEATURE_DIGEST,
            RecordValidator.of(bundle, DeviationPolicy.LENIENT));
  }

  @Test
  void countsAndAlarmsWhatTheBufferDoesNotHold() {
    PredictionJournal journal = journal(1.0, 5);
    for (int i = 0; i < 8; i++) {
      add(journal, "entity-" + i, false);
    }
    assertThat(registry.counter("handoff.predictions.log.dropped").count()).isEqualTo(3);
    journal.start();
    await().atMost(PATIENCE).until(() -> !sent(Topics.ALERTS.name()).isEmpty());
    journal.stop();
    assertThat(sent(Topics.PREDICTIONS.name())).hasSize(5);
    Alert alert = Json.read(sent(Topics.ALERTS.name()).get(0).value(), Alert.class);
    assertThat(alert.kind()).isEqualTo(Alert.Kind.PREDICTION_LOG);
    assertThat(alert.modelId()).isEqualTo("churn");
    assertThat(alert.statistics()).containsEntry("dropped", 3.0);
    assertThat(sent(Topics.ALERTS.name())).as("once a minute at most").hasSize(1);
  }

  @Test
  void stoppingSendsWhatWaitsAndComesAfterTheWebServer() {
    PredictionJournal journal = journal(1.0, 1000);
    for (int i = 0; i < 500; i++) {
      add(journal, null, false);
    }
    journal.start();
    journal.stop();
    assertThat(sent(Topics.PREDICTIONS.name())).hasSize(500);
    assertThat(journal.getPhase())
        .isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
  }

  @Test
  void logsNoEntityByItsNameAndTheSampledShareOfTheRest() {
    PredictionJournal journal = journal(0.25, 10_000);
    for (int i = 0; i < 2000; i++) {
      add(journal, "C000007", false);
    }
    for (int i = 0; i < 50; i++) {
      add(journal, "C000007", true);
    }
    journal.start();
    journal.stop();
    List<PredictionLog> logged =
        sent(Topics.PREDICTIONS.name()).stream()
            .map(record -> Json.read(record.value(), PredictionLog.class))
            .toList();
    assertThat(logged.stream().filter(PredictionLog::replay)).hasSize(50);
    // Four standard errors of a share of 2,000.
    assertThat(logged.stream().filter(log -> !log.replay()).count()).isBetween(422L, 578L);
    assertThat(logged).allMatch(log -> !String.valueOf(log.entityKeyHash()).contains("C000007"));
  }

  private PredictionJournal journal(double samplingRate, int capacity) {
    ProducerFactory<byte[], byte[]> factory =
        () -> {
          MockProducer<byte[], byte[]> producer =
              new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
          producers.add(producer);
          return producer;
        };
    KafkaTemplate<byte[], byte[]> template = new KafkaTemplate<>(factory);
    return new PredictionJournal(
        new MessagePublisher(template, template, "persona-ior", registry, Clock.systemUTC()),
        samplingRate,
        capacity,
        registry,
        Clock.systemUTC());
  }

  private void add(PredictionJournal journal, @Nullable String entity, boolean replay) {
    Chosen chosen = new Chosen(Objects.requireNonNull(model), "production", false);
    journal.add(
        new Row(UUID.randomUUID().toString(), entity, chosen, Map.of("x", 1.0), null, null),
        replay,
        0.5,
        true,
        System.nanoTime());
  }

  private List<ProducerRecord<byte[], byte[]>> sent(String topic) {
    return producers.stream()
        .flatMap(producer -> producer.history().stream())
        .filter(record -> record.topic().equals(topic))
        .toList();
  }
}
