/** What a fitted pipeline may know and what it must withstand. */
@NullMarked
package dev.mlhandoff.ml.pipeline;

import org.jspecify.annotations.NullMarked;
