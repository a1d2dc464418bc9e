/** Code that breaks each rule once, so that the rules are seen to fail. */
@NullMarked
package dev.mlhandoff.e2e.architecture.broken.far;

import org.jspecify.annotations.NullMarked;
