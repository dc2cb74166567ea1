/**
 * Values of channels that applications publish and read: publications, positions, history and presence.
 *
 * @see <a href="https://centrifugal.dev/docs/server/history_and_recovery">History and recovery</a>
 */
@NullMarked
package dev.realtime.api.data;

import org.jspecify.annotations.NullMarked;
