@NullMarked
package dev.mlhandoff.mos.monitoring;

import org.jspecify.annotations.NullMarked;
