/** Who may do what on a broker that checks it. */
@NullMarked
package dev.mlhandoff.e2e.access;

import org.jspecify.annotations.NullMarked;
