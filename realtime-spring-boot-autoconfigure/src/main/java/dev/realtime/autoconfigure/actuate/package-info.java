/** Actuator: endpoint, health, info and meters. */
@NullMarked
package dev.realtime.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
