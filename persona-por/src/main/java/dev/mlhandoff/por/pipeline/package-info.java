/** The data pipeline itself, in plain Java over DuckDB. */
@NullMarked
package dev.mlhandoff.por.pipeline;

import org.jspecify.annotations.NullMarked;
