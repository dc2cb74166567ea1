/**
 * Internal: HTTP streams, server-sent events and the posting of commands, without a web stack: what a request must be
 * and what a response has; no compatibility promise.
 */
@NullMarked
package dev.realtime.web.stream;

import org.jspecify.annotations.NullMarked;
