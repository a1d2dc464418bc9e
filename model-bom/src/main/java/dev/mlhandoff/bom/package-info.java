/** Models as bills of materials. */
@NullMarked
package dev.mlhandoff.bom;

import org.jspecify.annotations.NullMarked;
