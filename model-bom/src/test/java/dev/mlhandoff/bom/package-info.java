/** Tests of the bill of materials. */
@NullMarked
package dev.mlhandoff.bom;

import org.jspecify.annotations.NullMarked;
