/** Internal: WebSocket settings that hold on every web server; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
