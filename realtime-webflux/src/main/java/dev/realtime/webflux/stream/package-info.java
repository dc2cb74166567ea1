/**
 * Internal: HTTP streams and server-sent events on reactive servers, on Reactor Netty's channels or through any
 * response, and the endpoint that takes the commands of their clients; no compatibility promise.
 */
@NullMarked
package dev.realtime.webflux.stream;

import org.jspecify.annotations.NullMarked;
