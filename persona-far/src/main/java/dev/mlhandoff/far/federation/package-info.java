/** Values of other projects' features, found by mapped keys and as of a moment; over DuckDB. */
@NullMarked
package dev.mlhandoff.far.federation;

import org.jspecify.annotations.NullMarked;
