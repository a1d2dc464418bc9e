package dev.mlhandoff.card;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlhandoff.runtime.access.TokenSource;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.net.URLEncoder;
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
    return cookie == null || cookie.getValue().isEmpty() ? null : decoded(cookie.getValue());
  }

  /** A value that was never encoded here is nobody's token, as it stands. */
  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value, UTF_8);
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  /** The cookie that holds a token, encoded: a cookie takes no spaces, commas or semicolons. */
  static ResponseCookie of(String token, boolean secure) {
    return ResponseCookie.from(NAME, URLEncoder.encode(token, UTF_8))
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
