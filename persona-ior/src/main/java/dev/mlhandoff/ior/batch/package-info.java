/** What a batch of predictions consists of. */
@NullMarked
package dev.mlhandoff.ior.batch;

import org.jspecify.annotations.NullMarked;
