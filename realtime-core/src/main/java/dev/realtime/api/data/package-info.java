/** Values of channels that applications publish and read: publications, positions, history and presence. */
@NullMarked
package dev.realtime.api.data;

import org.jspecify.annotations.NullMarked;
