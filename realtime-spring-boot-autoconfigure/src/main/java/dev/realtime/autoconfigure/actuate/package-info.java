/** Internal: endpoint, health, info and meters of Actuator; no compatibility promise. */
@NullMarked
package dev.realtime.autoconfigure.actuate;

import org.jspecify.annotations.NullMarked;
