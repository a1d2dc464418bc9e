package dev.mlhandoff.e2e.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.runtime.S3ArtifactStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What the services expect of servers that they do not bring themselves. With this property the
 * other flow tests run over the containers, too.
 */
@EnabledIfSystemProperty(named = FlowBackends.CONTAINERS, matches = "true")
class ContainersFlowTest {

  private final Backends backends = FlowSystem.get().backends();

  @Test
  void theObjectStoreLetsOnlyTheFirstConditionalPutWin() throws Exception {
    S3ArtifactStore store =
        new S3ArtifactStore(
            "handoff",
            backends.objectStore(),
            "us-east-1",
            backends.accessKey(),
            backends.secretKey());
    String key = "containers-flow-test/" + UUID.randomUUID();
    assertThat(store.putIfAbsent(key, "first".getBytes(UTF_8), "text/plain")).isTrue();
    assertThat(store.putIfAbsent(key, "second".getBytes(UTF_8), "text/plain")).isFalse();
    assertThat(store.find(key))
        .hasValueSatisfying(c -> assertThat(c).asString().isEqualTo("first"));
    assertThat(store.list("containers-flow-test/")).contains(key);
  }

  @Test
  void theBrokerAndTheDatabaseAreTheVersionsOfTheComposeFile() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", backends.broker()))) {
      assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
          .containsKeys("group.version", "transaction.version");
    }
    try (Connection connection =
        DriverManager.getConnection(
            backends.database(), backends.databaseUser(), backends.databasePassword())) {
      assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
    }
  }
}
