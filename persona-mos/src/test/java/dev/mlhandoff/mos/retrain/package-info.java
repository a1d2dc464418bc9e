/** Tests of the retraining's domain. */
@NullMarked
package dev.mlhandoff.mos.retrain;

import org.jspecify.annotations.NullMarked;
