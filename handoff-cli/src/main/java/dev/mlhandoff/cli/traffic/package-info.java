/** Plays the world: asks for predictions at a rate, and tells what came true. */
@NullMarked
package dev.mlhandoff.cli.traffic;

import org.jspecify.annotations.NullMarked;
