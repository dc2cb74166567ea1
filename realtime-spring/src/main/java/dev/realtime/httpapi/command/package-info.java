/** Internal: commands of the server HTTP API, with Centrifugo's requests and replies; no compatibility promise. */
@NullMarked
package dev.realtime.httpapi.command;

import org.jspecify.annotations.NullMarked;
