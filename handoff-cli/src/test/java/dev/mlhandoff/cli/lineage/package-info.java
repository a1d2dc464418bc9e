/** Tests of lineage. */
@NullMarked
package dev.mlhandoff.cli.lineage;

import org.jspecify.annotations.NullMarked;
