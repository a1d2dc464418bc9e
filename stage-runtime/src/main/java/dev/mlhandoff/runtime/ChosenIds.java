package dev.mlhandoff.runtime;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gives a span the ids that were chosen for it, and every other one random ids. */
final class ChosenIds implements IdGenerator {

  private static final ThreadLocal<@Nullable SpanContext> CHOSEN = new ThreadLocal<>();

  private final IdGenerator others = IdGenerator.random();

  /** The spans that the calling thread starts meanwhile have these ids. */
  static <T> T with(SpanContext chosen, Supplier<T> start) {
    CHOSEN.set(chosen);
    try {
      return start.get();
    } finally {
      CHOSEN.remove();
    }
  }

  @Override
  public String generateSpanId() {
    SpanContext chosen = CHOSEN.get();
    return chosen == null ? others.generateSpanId() : chosen.getSpanId();
  }

  @Override
  public String generateTraceId() {
    SpanContext chosen = CHOSEN.get();
    return chosen == null ? others.generateTraceId() : chosen.getTraceId();
  }
}
