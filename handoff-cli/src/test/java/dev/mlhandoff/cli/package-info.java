/** Tests of the command. */
@NullMarked
package dev.mlhandoff.cli;

import org.jspecify.annotations.NullMarked;
