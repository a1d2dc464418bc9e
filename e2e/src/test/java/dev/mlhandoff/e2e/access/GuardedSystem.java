package dev.mlhandoff.e2e.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.cli.AccessControl;
import dev.mlhandoff.cli.Backends;
import dev.mlhandoff.cli.ContractTopics;
import dev.mlhandoff.cli.Services;
import dev.mlhandoff.messages.AccessRule;
import dev.mlhandoff.messages.Party;
import dev.mlhandoff.platform.BrokerAccess;
import dev.mlhandoff.platform.EmbeddedBroker;
import dev.mlhandoff.platform.EmbeddedDatabase;
import dev.mlhandoff.platform.EmbeddedObjectStore;
import dev.mlhandoff.platform.EmbeddedPlatform;
import dev.mlhandoff.platform.Ports;
import dev.mlhandoff.runtime.Digests;
import dev.mlhandoff.runtime.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * All services in the secured profile, each under its own name, on a broker that is reached over
 * TLS and allows what the rules allow.
 */
final class GuardedSystem implements AutoCloseable {

  private static final int ROWS = 1200;
  private static final String CATALOG =
      """
      datasets:
        loans:
          entities: {file: loans.csv}
          entityKey: id
          targets: {repaid: {column: repaid, positive: "1", favourableDecision: 1}}
      """;

  private final BrokerCertificate certificate;
  private final EmbeddedBroker broker;
  private final EmbeddedDatabase database;
  private final EmbeddedObjectStore objectStore;
  private final Services services;

  GuardedSystem(Path folder) throws Exception {
    certificate = BrokerCertificate.create(folder, "broker");
    broker =
        EmbeddedBroker.start(
            folder.resolve("kafka"),
            port("Kafka"),
            new BrokerAccess(users(), certificate.keyStore(), certificate.password()));
    database = EmbeddedDatabase.start(folder.resolve("postgres"), port("PostgreSQL"), false);
    objectStore =
        EmbeddedObjectStore.start(folder.resolve("s3"), port("S3"), EmbeddedPlatform.BUCKET);
    ContractTopics.createMissing(client(BrokerAccess.ADMINISTRATOR));
    AccessControl.create(client(BrokerAccess.ADMINISTRATOR), AccessControl.bindings(Map.of()));
    services = startServices(folder);
  }

  /** What a party's client needs to connect. */
  Map<String, Object> client(Party party) {
    return client(AccessRule.groupPrefix(party));
  }

  /** Where MOS takes orders. */
  String rollouts() {
    return services.rollouts();
  }

  /** A token with this role alone. */
  static String token(Role role) {
    return "the-token-of-the-" + role.label();
  }

  /** Ends the services; the broker stays. */
  void stopServices() {
    services.close();
  }

  @Override
  public void close() throws IOException {
    services.close();
    broker.close();
    objectStore.close();
    database.close();
  }

  private Services startServices(Path folder) throws IOException {
    Files.write(folder.resolve("loans.csv"), rows());
    Path catalog = Files.writeString(folder.resolve("catalog.yml"), CATALOG);
    Map<String, String> settings = new HashMap<>();
    settings.put("spring.profiles.active", "secured");
    settings.put("handoff.kafka.certificates", certificate.certificate().toUri().toString());
    // Each service resolves its own name.
    settings.put("handoff.kafka.password", password("${spring.application.name}"));
    // They share a machine here: each takes a free one.
    settings.put("management.server.port", "0");
    int number = 0;
    for (Role role : Role.values()) {
      String entry = "handoff.access.tokens[" + number++ + "].";
      settings.put(entry + "name", "the " + role.label());
      settings.put(entry + "roles", role.label());
      settings.put(entry + "sha256", Digests.sha256(token(role).getBytes(UTF_8)));
    }
    Backends backends =
        new Backends(
            broker.bootstrapServers(),
            database.jdbcUrl(),
            EmbeddedDatabase.USER,
            EmbeddedDatabase.PASSWORD,
            objectStore.endpoint(),
            EmbeddedObjectStore.ACCESS_KEY,
            EmbeddedObjectStore.SECRET_KEY);
    return Services.start(
        backends, catalog, folder.resolve("work"), Services.claimPorts(0), settings, line -> {});
  }

  private Map<String, Object> client(String user) {
    Map<String, Object> client =
        new HashMap<>(BrokerAccess.client(user, password(user), certificate.certificate()));
    client.put("bootstrap.servers", broker.bootstrapServers());
    return client;
  }

  private static Map<String, String> users() {
    Map<String, String> users = new HashMap<>();
    users.put(BrokerAccess.ADMINISTRATOR, password(BrokerAccess.ADMINISTRATOR));
    for (Party party : Party.values()) {
      String user = AccessRule.groupPrefix(party);
      users.put(user, password(user));
    }
    return users;
  }

  private static String password(String user) {
    return user + "-secret";
  }

  private static int port(String name) throws IOException {
    return Ports.claim(name, 0, name.toLowerCase(Locale.ROOT));
  }

  private static List<String> rows() {
    Random random = new Random(7);
    List<String> rows = new ArrayList<>();
    rows.add("id,income,tenure,repaid");
    for (int i = 0; i < ROWS; i++) {
      boolean repaid = random.nextInt(100) < 45;
      double shift = repaid ? 1 : -1;
      rows.add(
          String.format(
              Locale.ROOT,
              "P%d,%.4f,%.4f,%d",
              i,
              shift + 1.4 * random.nextGaussian(),
              shift + 1.4 * random.nextGaussian(),
              repaid ? 1 : 0));
    }
    return rows;
  }
}
