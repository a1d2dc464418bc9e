/** What the documentation says is held against what is there. */
@NullMarked
package dev.mlhandoff.e2e.documentation;

import org.jspecify.annotations.NullMarked;
