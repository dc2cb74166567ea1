/** The server HTTP API on reactive servers: paths, key, limits of a request, status and headers of a reply. */
@NullMarked
package dev.realtime.webflux.api;

import org.jspecify.annotations.NullMarked;
