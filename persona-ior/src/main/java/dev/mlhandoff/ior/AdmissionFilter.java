package dev.mlhandoff.ior;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only so many predictions run and so many wait. Past that a request is refused at once with
 * 429 and Retry-After: what is answered stays fast, however much is asked.
 */
final class AdmissionFilter extends OncePerRequestFilter {

  private final Semaphore places;
  private final Semaphore running;
  private final Duration patience;
  private final Counter refused;

  AdmissionFilter(int concurrency, int queue, Duration patience, MeterRegistry registry) {
    this.places = new Semaphore(concurrency + queue);
    this.running = new Semaphore(concurrency, true);
    this.patience = patience;
    this.refused = registry.counter("handoff.predictions.refused");
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !isPrediction(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!places.tryAcquire()) {
      refuse(request, response);
      return;
    }
    try {
      if (!running.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        refuse(request, response);
        return;
      }
      try {
        chain.doFilter(request, response);
      } finally {
        running.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(request, response);
    } finally {
      places.release();
    }
  }

  /** Whether a request asks for predictions. */
  static boolean isPrediction(HttpServletRequest request) {
    String path = request.getRequestURI();
    return path.endsWith("/predict") || path.endsWith("/infer");
  }

  private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
    refused.increment();
    Refusals.write(
        new RefusedException(HttpStatus.TOO_MANY_REQUESTS, "OVERLOADED", "too many requests"),
        request,
        response);
  }
}
