/**
 * Contract of an engine: broker, presence and control bus, for authors of engines.
 *
 * @see <a href="https://centrifugal.dev/docs/server/engines">Engines</a>
 */
@NullMarked
package dev.realtime.spi.engine;

import org.jspecify.annotations.NullMarked;
