/** The state machine of a deployment and the judges of its steps. Plain Java. */
@NullMarked
package dev.mlhandoff.mos.rollout;

import org.jspecify.annotations.NullMarked;
