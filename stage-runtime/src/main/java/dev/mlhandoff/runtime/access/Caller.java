package dev.mlhandoff.runtime.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a token was given to.
 *
 * @param name as it stands on approvals and in audit trails
 */
public record Caller(String name, Set<Role> roles) {

  /** The request's attribute that holds the caller of a request with a known token. */
  public static final String ATTRIBUTE = "dev.mlhandoff.caller";

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** The name that counts: the token's, or where nobody needs one, what the request says. */
  public static String name(@Nullable Caller caller, @Nullable String said) {
    return caller != null ? caller.name() : said != null ? said : "unknown";
  }
}
