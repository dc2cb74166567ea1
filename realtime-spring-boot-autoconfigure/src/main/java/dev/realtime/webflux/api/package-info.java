/** The server HTTP API with Centrifugo's requests and replies, for services, operators and load generators. */
@NullMarked
package dev.realtime.webflux.api;

import org.jspecify.annotations.NullMarked;
