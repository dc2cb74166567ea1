/** Internal: publishing after the commit of a transaction; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.transaction;

import org.jspecify.annotations.NullMarked;
