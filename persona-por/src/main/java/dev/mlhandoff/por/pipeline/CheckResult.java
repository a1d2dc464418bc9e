package dev.mlhandoff.por.pipeline;

/** What a data-quality check saw. */
public record CheckResult(
    String check, String severity, boolean passed, String observed, String expected) {}
