/** The feature store's offline side: values with the times that decide who may see them when. */
@NullMarked
package dev.mlhandoff.data.store;

import org.jspecify.annotations.NullMarked;
