package dev.mlhandoff.ml.table;

/** How a raw column is to be read. */
public enum Kind {
  NUMERIC,
  CATEGORICAL
}
