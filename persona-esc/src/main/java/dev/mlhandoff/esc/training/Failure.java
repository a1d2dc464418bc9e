package dev.mlhandoff.esc.training;

/** A configuration that failed on at least one fold, and why. */
public record Failure(Configuration configuration, String reason) {}
