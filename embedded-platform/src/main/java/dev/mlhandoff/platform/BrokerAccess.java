package dev.mlhandoff.platform;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may connect to a broker that checks access: clients come over TLS and log in with
 * SCRAM-SHA-512, and what no rule allows is forbidden. Users are stored when the folder is first
 * used.
 *
 * @param passwords by user; {@link #ADMINISTRATOR} must be among them, and may do everything
 * @param keyStore the broker's private key and certificate, PKCS #12
 */
public record BrokerAccess(Map<String, String> passwords, Path keyStore, String keyStorePassword) {

  /** The user that needs no rule. */
  public static final String ADMINISTRATOR = "admin";

  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final String LOGIN_MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required";

  public BrokerAccess {
    passwords = Map.copyOf(passwords);
    if (!passwords.containsKey(ADMINISTRATOR)) {
      throw new IllegalArgumentException("no password for " + ADMINISTRATOR);
    }
  }

  /**
   * What a plain client needs to log in as a user.
   *
   * @param certificates PEM file with the authorities that the broker's certificate is held against
   */
  public static Map<String, Object> client(String user, String password, Path certificates) {
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        certificates.toString(),
        "sasl.mechanism",
        MECHANISM,
        "sasl.jaas.config",
        LOGIN_MODULE + " username=\"" + user + "\" password=\"" + password + "\";");
  }

  /** The users as the broker's storage is formatted with them. */
  List<String> scramArguments() {
    return new TreeMap<>(passwords)
        .entrySet().stream()
            .map(
                user ->
                    "%s=[name=%s,password=%s]".formatted(MECHANISM, user.getKey(), user.getValue()))
            .toList();
  }

  /** What the listener with this name needs. */
  Map<String, Object> listenerSettings(String listener) {
    String prefix = "listener.name." + listener + ".";
    return Map.of(
        "sasl.enabled.mechanisms",
        MECHANISM,
        prefix + "scram-sha-512.sasl.jaas.config",
        LOGIN_MODULE + ";",
        prefix + "ssl.keystore.type",
        "PKCS12",
        prefix + "ssl.keystore.location",
        keyStore.toString(),
        prefix + "ssl.keystore.password",
        keyStorePassword,
        prefix + "ssl.key.password",
        keyStorePassword);
  }
}
