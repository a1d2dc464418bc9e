package dev.mlhandoff.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPlatformTest {

  @TempDir Path home;

  @Test
  void findsItsDataAgainAfterARestart() throws Exception {
    try (EmbeddedPlatform first = EmbeddedPlatform.start(PlatformOptions.forTests(home))) {
      first.broker().createTopics(List.of(new TopicPlan("kept", 1, Map.of())));
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(client(first), new StringSerializer(), new StringSerializer())) {
        producer.send(new ProducerRecord<>("kept", "key", "value")).get();
      }
      execute(first, "create table kept as select 42 as answer");
    }
    try (EmbeddedPlatform second = EmbeddedPlatform.start(PlatformOptions.forTests(home))) {
      try (KafkaConsumer<String, String> consumer =
          new KafkaConsumer<>(client(second), new StringDeserializer(), new StringDeserializer())) {
        TopicPartition partition = new TopicPartition("kept", 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        assertThat(consumer.poll(Duration.ofSeconds(20)))
            .singleElement()
            .satisfies(record -> assertThat(record.value()).isEqualTo("value"));
      }
      try (Connection connection = connect(second);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("select answer from kept")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(42);
      }
    }
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  EmbeddedPlatform.start(
                      new PlatformOptions(home, 0, taken.getLocalPort(), 0, false)))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("PostgreSQL cannot listen on port " + taken.getLocalPort())
          .hasMessageContaining("--postgres-port");
    }
  }

  private static Properties client(EmbeddedPlatform platform) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", platform.broker().bootstrapServers());
    return properties;
  }

  private static void execute(EmbeddedPlatform platform, String sql) throws Exception {
    try (Connection connection = connect(platform);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(EmbeddedPlatform platform) throws Exception {
    return DriverManager.getConnection(platform.database().jdbcUrl(), "postgres", "postgres");
  }
}
