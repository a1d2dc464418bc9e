/** Public datasets through data pipeline, features and models, against independent figures. */
@NullMarked
package dev.mlhandoff.e2e.reference;

import org.jspecify.annotations.NullMarked;
