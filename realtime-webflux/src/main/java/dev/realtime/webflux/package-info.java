/** Clients over the HTTP server of the application: WebSocket on Reactor Netty's channels or on any reactive server. */
@NullMarked
package dev.realtime.webflux;

import org.jspecify.annotations.NullMarked;
