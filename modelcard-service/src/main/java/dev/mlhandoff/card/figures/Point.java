package dev.mlhandoff.card.figures;

/** A point of a curve. */
public record Point(double x, double y) {}
