/** The server HTTP API on servlet containers: paths, key, limits of a request, status and headers of a reply. */
@NullMarked
package dev.realtime.webmvc.api;

import org.jspecify.annotations.NullMarked;
