package dev.mlhandoff.card.figures;

/** A curve's value at a place, and the ends of its interval; NaN where there is none. */
public record Band(double x, double value, double lower, double upper) {}
