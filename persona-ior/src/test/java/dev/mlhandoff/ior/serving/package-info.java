/** Tests of routing and of the rules for records. */
@NullMarked
package dev.mlhandoff.ior.serving;

import org.jspecify.annotations.NullMarked;
