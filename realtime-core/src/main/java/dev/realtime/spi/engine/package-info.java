/** Contract of an engine: broker, presence and control bus, for those who write one. */
@NullMarked
package dev.realtime.spi.engine;

import org.jspecify.annotations.NullMarked;
