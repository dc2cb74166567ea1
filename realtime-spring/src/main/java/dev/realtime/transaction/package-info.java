/** Spring's transactions, imperative and reactive, as the core sees them. */
@NullMarked
package dev.realtime.transaction;

import org.jspecify.annotations.NullMarked;
