/** Internal: values for the parameters of a handler method, and their validation; no compatibility promise. */
@NullMarked
package dev.realtime.handler.argument;

import org.jspecify.annotations.NullMarked;
