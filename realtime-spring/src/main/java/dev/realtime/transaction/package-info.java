/** Internal: imperative and reactive transactions of Spring, as the server sees them; no compatibility promise. */
@NullMarked
package dev.realtime.transaction;

import org.jspecify.annotations.NullMarked;
