package dev.realtime.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Command of a client.
 *
 * @param id chosen by the client, 0 to 2^32-1, repeated in the reply; 0 on a pong and on {@link Request.Send}
 * @param request what it asks for; {@code null} when the command names no known request, which only a pong may
 */
public record Command(long id, @Nullable Request request) {

    /**
     * Returns whether this is a pong: the protocol takes any command of id 0 that is not {@link Request.Send} for one.
     */
    public boolean isPong() {
        return id == 0 && !(request instanceof Request.Send);
    }
}
