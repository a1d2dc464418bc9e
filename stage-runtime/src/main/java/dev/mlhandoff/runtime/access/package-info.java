/** Who may change something over HTTP: tokens with names and roles. */
@NullMarked
package dev.mlhandoff.runtime.access;

import org.jspecify.annotations.NullMarked;
