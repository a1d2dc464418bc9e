/** A small SQL DAG over DuckDB, and columnar access to Parquet. No Spring, no Kafka. */
@NullMarked
package dev.mlhandoff.data;

import org.jspecify.annotations.NullMarked;
