/** Features that the operator declares for a dataset: a closed vocabulary, checked as a whole. */
@NullMarked
package dev.mlhandoff.data.definition;

import org.jspecify.annotations.NullMarked;
