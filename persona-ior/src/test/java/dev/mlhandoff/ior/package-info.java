/** Flow tests of IOR over a real broker, PostgreSQL and S3. */
@NullMarked
package dev.mlhandoff.ior;

import org.jspecify.annotations.NullMarked;
