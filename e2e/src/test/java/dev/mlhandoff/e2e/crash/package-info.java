/** The whole system, killed at chosen places and started again; then its records are checked. */
@NullMarked
package dev.mlhandoff.e2e.crash;

import org.jspecify.annotations.NullMarked;
