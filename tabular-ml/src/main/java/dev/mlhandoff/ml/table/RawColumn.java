package dev.mlhandoff.ml.table;

/** Name and kind of a raw column. */
public record RawColumn(String name, Kind kind) {}
