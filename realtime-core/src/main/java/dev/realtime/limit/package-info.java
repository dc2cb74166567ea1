/** Internal: limits of what a client may send. */
@NullMarked
package dev.realtime.limit;

import org.jspecify.annotations.NullMarked;
