/** The HTTP API for other servers. */
@NullMarked
package dev.realtime.autoconfigure.httpapi;

import org.jspecify.annotations.NullMarked;
