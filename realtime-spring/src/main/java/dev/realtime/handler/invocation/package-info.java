/** Internal: calls of handler methods with their threads, limits, failures and counters; no compatibility promise. */
@NullMarked
package dev.realtime.handler.invocation;

import org.jspecify.annotations.NullMarked;
