/** Model families; each trains on one thread and is deterministic for a seed. */
@NullMarked
package dev.mlhandoff.ml.model;

import org.jspecify.annotations.NullMarked;
