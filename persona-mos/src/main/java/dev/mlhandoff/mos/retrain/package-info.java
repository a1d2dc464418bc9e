/** What a version is trained again on, and how often: plain Java over DuckDB. */
@NullMarked
package dev.mlhandoff.mos.retrain;

import org.jspecify.annotations.NullMarked;
