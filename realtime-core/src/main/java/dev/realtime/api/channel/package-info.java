/**
 * Options of channels and namespaces.
 *
 * @see <a href="https://centrifugal.dev/docs/server/channels">Channels and namespaces</a>
 */
@NullMarked
package dev.realtime.api.channel;

import org.jspecify.annotations.NullMarked;
