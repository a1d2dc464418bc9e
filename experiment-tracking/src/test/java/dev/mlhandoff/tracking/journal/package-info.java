@NullMarked
package dev.mlhandoff.tracking.journal;

import org.jspecify.annotations.NullMarked;
