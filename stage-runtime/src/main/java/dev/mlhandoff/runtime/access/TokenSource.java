package dev.mlhandoff.runtime.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** Where a request carries its token. */
@FunctionalInterface
public interface TokenSource {

  /** The token; null without one. */
  @Nullable String token(HttpServletRequest request);

  /** What the header {@code Authorization} has after {@code Bearer} (RFC 6750, section 2.1). */
  static @Nullable String bearer(HttpServletRequest request) {
    String header = request.getHeader("Authorization");
    String scheme = "Bearer ";
    return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length())
        ? header.substring(scheme.length()).strip()
        : null;
  }
}
