/** Watches what production sees and answers, against what training saw. Plain Java. */
@NullMarked
package dev.mlhandoff.mos.monitoring;

import org.jspecify.annotations.NullMarked;
