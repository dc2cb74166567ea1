/** Internal: settings and origins of clients that hold on every web server; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.web;

import org.jspecify.annotations.NullMarked;
