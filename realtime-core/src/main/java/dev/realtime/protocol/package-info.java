/**
 * The client protocol: its messages, codes and the contract of the two encodings.
 *
 * @see <a href="https://centrifugal.dev/docs/transports/client_protocol">The client protocol</a>
 */
@NullMarked
package dev.realtime.protocol;

import org.jspecify.annotations.NullMarked;
