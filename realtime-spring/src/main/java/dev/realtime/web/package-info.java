/**
 * Internal: what the web stacks share of a WebSocket endpoint: handshake, origin rule and options; no compatibility
 * promise.
 */
@NullMarked
package dev.realtime.web;

import org.jspecify.annotations.NullMarked;
