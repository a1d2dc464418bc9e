package dev.mlhandoff.e2e.architecture.broken.por;

/** Something that another service must not see. */
public record Claim(String version) {}
