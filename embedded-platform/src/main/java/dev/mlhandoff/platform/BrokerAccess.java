package dev.mlhandoff.platform;

import java.util.Map;
import java.util.TreeMap;

/**
 * Who may connect to a broker that checks access: clients log in with SASL/PLAIN, and what no rule
 * allows is forbidden.
 *
 * @param passwords by user; {@link #ADMINISTRATOR} must be among them, and may do everything
 */
public record BrokerAccess(Map<String, String> passwords) {

  /** The user that needs no rule. */
  public static final String ADMINISTRATOR = "admin";

  private static final String LOGIN_MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  public BrokerAccess {
    passwords = Map.copyOf(passwords);
    if (!passwords.containsKey(ADMINISTRATOR)) {
      throw new IllegalArgumentException("no password for " + ADMINISTRATOR);
    }
  }

  /** What a client needs to log in as a user; also as {@code spring.kafka.properties.*}. */
  public static Map<String, Object> client(String user, String password) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        LOGIN_MODULE + " username=\"" + user + "\" password=\"" + password + "\";");
  }

  /** The login module's line for the broker, which holds every user. */
  String jaasConfiguration() {
    StringBuilder line = new StringBuilder(LOGIN_MODULE);
    new TreeMap<>(passwords)
        .forEach(
            (user, password) ->
                line.append(" user_").append(user).append("=\"").append(password).append('"'));
    return line.append(';').toString();
  }
}
