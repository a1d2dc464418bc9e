/** The sample dataset: customers and transactions from a simulated purchasing process. */
@NullMarked
package dev.mlhandoff.cli.sample;

import org.jspecify.annotations.NullMarked;
