/** Holds a model card against the artifacts it names and the record of its run. */
@NullMarked
package dev.mlhandoff.cli.verify;

import org.jspecify.annotations.NullMarked;
