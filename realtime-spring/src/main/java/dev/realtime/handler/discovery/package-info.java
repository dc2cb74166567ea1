/** Internal: search for handler methods and exception handlers among the beans; no compatibility promise. */
@NullMarked
package dev.realtime.handler.discovery;

import org.jspecify.annotations.NullMarked;
