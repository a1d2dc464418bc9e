/** Candidate features over DuckDB: point-in-time, with definition and lineage; nothing fitted. */
@NullMarked
package dev.mlhandoff.far.features;

import org.jspecify.annotations.NullMarked;
