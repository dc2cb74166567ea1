/** WebSocket settings that hold on every web server. */
@NullMarked
package dev.realtime.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
