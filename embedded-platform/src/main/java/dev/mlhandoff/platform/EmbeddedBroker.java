package dev.mlhandoff.platform;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** One Kafka node, broker and KRaft controller at once, that keeps its data over restarts. */
public final class EmbeddedBroker implements AutoCloseable {

  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(KafkaRaftServer server, String bootstrapServers) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /** Formats the folder at its first use, and starts a broker that lets everybody do everything. */
  public static EmbeddedBroker start(Path folder, int port) throws Exception {
    return start(folder, port, null);
  }

  /**
   * As the other, but with an authorizer: clients log in over TLS, and may do what a rule allows.
   */
  public static EmbeddedBroker start(Path folder, int port, @Nullable BrokerAccess access)
      throws Exception {
    Path data = folder.toAbsolutePath();
    Files.createDirectories(data);
    int controllerPort = Ports.claim("Kafka controller", 0, "kafka");
    Map<String, Object> settings = settings(data, port, controllerPort);
    int ownPort = port;
    if (access != null) {
      ownPort = Ports.claim("Kafka internal", 0, "kafka");
      settings.putAll(accessSettings(access, port, ownPort, controllerPort));
    }
    if (!Files.exists(data.resolve("meta.properties"))) {
      format(data, access == null ? List.of() : access.scramArguments());
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    EmbeddedBroker broker = new EmbeddedBroker(server, "localhost:" + port);
    try {
      Coordinators.await("localhost:" + ownPort);
    } catch (ExecutionException | InterruptedException e) {
      broker.close();
      throw e;
    }
    return broker;
  }

  /** {@code host:port} for clients. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Creates the topics that do not exist yet. */
  public void createTopics(Collection<TopicPlan> plans) throws Exception {
    TopicPlan.createMissing(bootstrapServers, plans);
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }

  private static void format(Path data, List<String> users) throws Exception {
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .addDirectory(data.toString())
        .setMetadataLogDirectory(data.toString())
        .setControllerListenerName("CONTROLLER")
        .setScramArguments(users)
        .run();
  }

  private static Map<String, Object> accessSettings(
      BrokerAccess access, int port, int internalPort, int controllerPort) {
    String internal = "INTERNAL://localhost:" + internalPort;
    Map<String, Object> settings = new HashMap<>();
    settings.put(
        "listeners",
        "CLIENTS://localhost:%d,%s,CONTROLLER://localhost:%d"
            .formatted(port, internal, controllerPort));
    settings.put("advertised.listeners", "CLIENTS://localhost:" + port + "," + internal);
    settings.put(
        "listener.security.protocol.map",
        "CLIENTS:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "INTERNAL");
    settings.putAll(access.listenerSettings("clients"));
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("allow.everyone.if.no.acl.found", "false");
    // The node itself, on listeners that only this machine reaches, is anonymous.
    settings.put("super.users", "User:" + BrokerAccess.ADMINISTRATOR + ";User:ANONYMOUS");
    return settings;
  }

  private static Map<String, Object> settings(Path data, int port, int controllerPort) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("log.dirs", data.toString());
    settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
    settings.put("advertised.listeners", "PLAINTEXT://localhost:" + port);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    // After a kill the group of the dead process must not hold its partitions for 45 seconds.
    settings.put("group.consumer.min.session.timeout.ms", "6000");
    settings.put("group.consumer.session.timeout.ms", "6000");
    settings.put("group.consumer.min.heartbeat.interval.ms", "500");
    settings.put("group.consumer.heartbeat.interval.ms", "1000");
    // A restart after a kill waits until the dead broker's registration has expired; a busy machine
    // must not make the only broker miss it.
    settings.put("broker.session.timeout.ms", "6000");
    settings.put("broker.heartbeat.interval.ms", "400");
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "2000");
    return settings;
  }
}
