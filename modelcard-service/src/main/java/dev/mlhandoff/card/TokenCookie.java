package dev.mlhandoff.card;

import dev.mlhandoff.runtime.access.TokenSource;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * A browser's token: in a cookie that no script reads, that goes with no request from another
 * site's page, and that ends with the session. A header wins over it.
 */
final class TokenCookie implements TokenSource {

  private static final String NAME = "handoff-token";

  @Override
  public @Nullable String token(HttpServletRequest request) {
    String header = TokenSource.bearer(request);
    if (header != null) {
      return header;
    }
    Cookie cookie = WebUtils.getCookie(request, NAME);
    return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
  }

  /** The cookie that holds a token. */
  static ResponseCookie of(String token, boolean secure) {
    return ResponseCookie.from(NAME, token)
        .httpOnly(true)
        .sameSite("Strict")
        .secure(secure)
        .path("/")
        .build();
  }

  /** The cookie that takes its place, and is gone at once. */
  static ResponseCookie none() {
    return ResponseCookie.from(NAME, "")
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .maxAge(0)
        .build();
  }
}
