/** The journal: what happened in an attempt, free of run ids, addresses and times. */
@NullMarked
package dev.mlhandoff.tracking.journal;

import org.jspecify.annotations.NullMarked;
