/** Tests of the rollout's states and judges. */
@NullMarked
package dev.mlhandoff.mos.rollout;

import org.jspecify.annotations.NullMarked;
