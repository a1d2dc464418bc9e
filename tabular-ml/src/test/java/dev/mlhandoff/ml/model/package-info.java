/** Model families, each held to what all of them promise. */
@NullMarked
package dev.mlhandoff.ml.model;

import org.jspecify.annotations.NullMarked;
