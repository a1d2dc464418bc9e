package dev.mlhandoff.runtime.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a call through that changes nothing, or whose token has the role that its handler names. A
 * handler that answers no GET and names none is refused: what was forgotten is shut.
 */
final class TokenInterceptor implements HandlerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(TokenInterceptor.class);
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final Tokens tokens;
  private final TokenSource source;

  TokenInterceptor(Tokens tokens, TokenSource source) {
    this.tokens = tokens;
    this.source = source;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    String token = source.token(request);
    Caller caller = token == null ? null : tokens.holder(token).orElse(null);
    if (caller != null) {
      request.setAttribute(Caller.ATTRIBUTE, caller);
    }
    if (changesNothing(request, handler)) {
      return true;
    }
    Role role = role(handler);
    if (caller != null && role != null && caller.roles().contains(role)) {
      return true;
    }
    Refusal refusal =
        token == null
            ? Refusal.TOKEN_MISSING
            : caller == null ? Refusal.TOKEN_UNKNOWN : Refusal.ROLE_MISSING;
    log.info(
        "{} {} refused: {}{}",
        request.getMethod(),
        request.getRequestURI(),
        refusal,
        caller == null ? "" : ", " + caller.name());
    refusal.answer(
        response,
        refusal != Refusal.ROLE_MISSING ? "" : role == null ? "one nobody has" : role.label());
    return false;
  }

  private static boolean changesNothing(HttpServletRequest request, Object handler) {
    if (handler instanceof HandlerMethod method) {
      if (method.hasMethodAnnotation(RequiresRole.class)) {
        return false;
      }
      if (method.hasMethodAnnotation(ChangesNothing.class)) {
        return true;
      }
    }
    return SAFE.contains(request.getMethod());
  }

  private static @Nullable Role role(Object handler) {
    RequiresRole required =
        handler instanceof HandlerMethod method
            ? method.getMethodAnnotation(RequiresRole.class)
            : null;
    return required == null ? null : required.value();
  }
}
