/** Beans that do nothing, where the server is disabled. */
@NullMarked
package dev.realtime.autoconfigure.disabled;

import org.jspecify.annotations.NullMarked;
