/** What the operator says about datasets: sources, keys, targets, personal data and checks. */
@NullMarked
package dev.mlhandoff.data.catalog;

import org.jspecify.annotations.NullMarked;
