/** Internal: handler methods of the application; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.handler;

import org.jspecify.annotations.NullMarked;
