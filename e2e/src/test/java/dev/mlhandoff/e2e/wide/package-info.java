/** A table of many columns and rows on its way through the stages that read all of it. */
@NullMarked
package dev.mlhandoff.e2e.wide;

import org.jspecify.annotations.NullMarked;
