/** Internal: HTTP streams, server-sent events and posted commands on servlet containers; no compatibility promise. */
@NullMarked
package dev.realtime.webmvc.stream;

import org.jspecify.annotations.NullMarked;
