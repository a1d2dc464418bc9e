package dev.mlhandoff.card;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses requests that change something and come from another site's page: by {@code
 * Sec-Fetch-Site} where the browser sends it, else by {@code Origin}; a program that is no browser
 * sends neither. The host must be one that the board is known by, so that no name of a stranger can
 * be made to point here.
 */
final class SameOriginFilter extends OncePerRequestFilter {

  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final List<String> hosts;

  /**
   * @param hosts names by which the board may be addressed, without port
   */
  SameOriginFilter(List<String> hosts) {
    this.hosts = List.copyOf(hosts);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String refusal = SAFE.contains(request.getMethod()) ? null : refusal(request);
    if (refusal == null) {
      chain.doFilter(request, response);
      return;
    }
    response.setStatus(HttpServletResponse.SC_FORBIDDEN);
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().write(refusal);
  }

  private @Nullable String refusal(HttpServletRequest request) {
    String host = request.getServerName().toLowerCase(Locale.ROOT);
    if (!hosts.contains(host)) {
      return "this board is not known as this host; handoff.card.hosts lists its names";
    }
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin") ? null : "this came from the page of another site";
    }
    String origin = request.getHeader("Origin");
    return origin == null || own(origin, request)
        ? null
        : "this came from the page of another site";
  }

  private static boolean own(String origin, HttpServletRequest request) {
    try {
      URI from = URI.create(origin);
      return request.getScheme().equalsIgnoreCase(from.getScheme())
          && request.getServerName().equalsIgnoreCase(from.getHost())
          && request.getServerPort() == port(from);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static int port(URI origin) {
    return origin.getPort() >= 0 ? origin.getPort() : "https".equals(origin.getScheme()) ? 443 : 80;
  }
}
