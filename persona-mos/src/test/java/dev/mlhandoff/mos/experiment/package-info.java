/** Tests of A/B tests over simulated outcomes. */
@NullMarked
package dev.mlhandoff.mos.experiment;

import org.jspecify.annotations.NullMarked;
