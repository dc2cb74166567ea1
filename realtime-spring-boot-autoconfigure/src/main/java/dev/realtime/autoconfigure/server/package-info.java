/** Internal: a port of its own for clients, beside the web server of the application; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.server;

import org.jspecify.annotations.NullMarked;
