package dev.mlhandoff.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** What the profile {@code secured} makes of a service's settings. */
class SecuredProfileTest {

  @TempDir private Path folder;

  @Test
  void kafkaIsReachedOverTlsUnderTheServicesNameAndHealthIsOnAPortOfItsOwn() throws Exception {
    Certificate authority = anyAuthority();
    Path certificates = Files.writeString(folder.resolve("authorities.pem"), pem(authority));

    try (ConfigurableApplicationContext service =
        start(
            "--spring.profiles.active=secured",
            "--spring.application.name=persona-sample",
            "--server.port=0",
            "--management.server.port=0",
            "--handoff.kafka.certificates=" + certificates.toUri(),
            "--handoff.kafka.password=of-the-sample")) {
      for (Map<String, Object> client : clients(service)) {
        assertThat(client)
            .containsEntry("security.protocol", "SASL_SSL")
            .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
            .containsEntry(
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required"
                    + " username=\"persona-sample\" password=\"of-the-sample\";")
            .containsEntry("ssl.engine.factory.class", SslBundleSslEngineFactory.class);
        assertThat(client.get(SslBundle.class.getName()))
            .isInstanceOfSatisfying(
                SslBundle.class, bundle -> assertThat(trusted(bundle)).containsExactly(authority));
      }

      assertThat(status(service, "local.management.port", "GET", "/actuator/health"))
          .isEqualTo(200);
      assertThat(status(service, "local.server.port", "GET", "/actuator/health")).isEqualTo(404);
      assertThat(status(service, "local.server.port", "POST", "/anything")).isEqualTo(401);
    }
  }

  @Test
  void withoutCertificatesNothingStarts() {
    assertThatThrownBy(
            () ->
                start(
                        "--spring.profiles.active=secured",
                        "--spring.application.name=persona-sample",
                        "--spring.main.web-application-type=none",
                        "--handoff.kafka.password=of-the-sample")
                    .close())
        .rootCause()
        .hasMessageContaining("handoff.kafka.certificates");
  }

  /** Everything that is there by itself, without the shell, which would need a broker. */
  @SpringBootConfiguration
  @EnableAutoConfiguration(exclude = StageRuntimeAutoConfiguration.class)
  static class Service {}

  private static ConfigurableApplicationContext start(String... arguments) {
    return new SpringApplicationBuilder(Service.class)
        // The shell's own contributors are missing with it.
        .properties("management.endpoint.health.validate-group-membership=false")
        .run(arguments);
  }

  private static List<Map<String, Object>> clients(ConfigurableApplicationContext service) {
    List<Map<String, Object>> clients = new ArrayList<>();
    clients.add(
        ((ProducerFactory<?, ?>) service.getBean("kafkaProducerFactory"))
            .getConfigurationProperties());
    clients.add(
        ((ConsumerFactory<?, ?>) service.getBean("kafkaConsumerFactory"))
            .getConfigurationProperties());
    clients.add(service.getBean(KafkaAdmin.class).getConfigurationProperties());
    return clients;
  }

  private static List<Certificate> trusted(SslBundle bundle) {
    try {
      KeyStore trusted = Objects.requireNonNull(bundle.getStores().getTrustStore());
      List<Certificate> certificates = new ArrayList<>();
      for (String alias : Collections.list(trusted.aliases())) {
        certificates.add(trusted.getCertificate(alias));
      }
      return certificates;
    } catch (KeyStoreException e) {
      throw new AssertionError(e);
    }
  }

  private static int status(
      ConfigurableApplicationContext service, String port, String method, String path)
      throws Exception {
    URI address =
        URI.create("http://localhost:" + service.getEnvironment().getProperty(port) + path);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** One of those that the JDK trusts. */
  private static Certificate anyAuthority() throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
  }

  private static String pem(Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
            .encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
