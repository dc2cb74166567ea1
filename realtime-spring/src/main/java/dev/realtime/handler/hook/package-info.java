/** Internal: handler methods as the hooks that the server calls; no compatibility promise. */
@NullMarked
package dev.realtime.handler.hook;

import org.jspecify.annotations.NullMarked;
