/** The commands of the server HTTP API, with Centrifugo's requests and replies, free of any web framework. */
@NullMarked
package dev.realtime.httpapi;

import org.jspecify.annotations.NullMarked;
