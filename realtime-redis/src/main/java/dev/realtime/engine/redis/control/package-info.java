/** Commands and questions between the nodes of a deployment. */
@NullMarked
package dev.realtime.engine.redis.control;

import org.jspecify.annotations.NullMarked;
