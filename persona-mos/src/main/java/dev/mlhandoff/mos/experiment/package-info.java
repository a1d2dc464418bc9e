/** A/B tests of two versions: plan, comparison and verdict, free of any framework. */
@NullMarked
package dev.mlhandoff.mos.experiment;

import org.jspecify.annotations.NullMarked;
