package dev.mlhandoff.runtime.access;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings under {@code handoff.access}.
 *
 * @param required whether a change needs a token even if none is known, so that none is accepted
 * @param tokens who may do what; as soon as there is one, changes need a token
 */
@ConfigurationProperties("handoff.access")
public record AccessProperties(
    @DefaultValue("false") boolean required, @DefaultValue List<Token> tokens) {

  public AccessProperties {
    tokens = List.copyOf(tokens);
    Set<String> digests = new HashSet<>();
    for (Token token : tokens) {
      if (!digests.add(token.sha256())) {
        throw new IllegalArgumentException(
            "handoff.access.tokens: two of them are the same, the one of " + token.name());
      }
    }
  }

  /** Whether a change needs a token. */
  public boolean guarded() {
    return required || !tokens.isEmpty();
  }

  /**
   * A token by its digest; the token itself is nowhere in the configuration.
   *
   * @param name its holder, 1 to 200 characters
   * @param sha256 digest of the token's UTF-8 bytes, 64 hexadecimal digits
   */
  public record Token(String name, String sha256, Set<Role> roles) {

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_NAME = 200;

    public Token {
      if (name == null || name.isBlank() || name.length() > LONGEST_NAME) {
        throw new IllegalArgumentException("handoff.access.tokens: each needs a name");
      }
      sha256 = sha256 == null ? "" : sha256.toLowerCase(Locale.ROOT);
      if (!DIGEST.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "handoff.access.tokens: sha256 of " + name + " must be 64 hexadecimal digits");
      }
      if (roles == null || roles.isEmpty()) {
        throw new IllegalArgumentException(
            "handoff.access.tokens: " + name + " needs a role, requester or approver");
      }
      roles = Set.copyOf(roles);
    }
  }
}
