package dev.mlhandoff.runtime.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.runtime.Digests;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Finds who holds a token, in a time that tells nothing of the tokens that are known. */
public final class Tokens {

  private final List<AccessProperties.Token> known;

  public Tokens(List<AccessProperties.Token> known) {
    this.known = List.copyOf(known);
  }

  /** The holder, if the token is known. */
  public Optional<Caller> holder(String token) {
    byte[] digest = Digests.sha256(token.getBytes(UTF_8)).getBytes(UTF_8);
    Caller found = null;
    // All are compared, also behind the one that is found.
    for (AccessProperties.Token candidate : known) {
      if (MessageDigest.isEqual(candidate.sha256().getBytes(UTF_8), digest)) {
        found = new Caller(candidate.name(), candidate.roles());
      }
    }
    return Optional.ofNullable(found);
  }
}
