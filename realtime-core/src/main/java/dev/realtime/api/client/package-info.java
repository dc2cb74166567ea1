/** Values of clients: identity, errors and codes, disconnects. */
@NullMarked
package dev.realtime.api.client;

import org.jspecify.annotations.NullMarked;
