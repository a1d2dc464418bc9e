/** From source columns over features to models, and back. */
@NullMarked
package dev.mlhandoff.cli.lineage;

import org.jspecify.annotations.NullMarked;
