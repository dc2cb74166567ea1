package dev.realtime.spi.engine;

import java.util.Set;

/**
 * Selection of the connections that a command is for.
 *
 * @param userId connections of this user; empty for anonymous ones
 * @param clientId only this connection; empty for all of the user
 * @param sessionId only the connection of this session; empty for all of the user. Connections have no session yet, so
 *     that a value selects none
 * @param exceptClientIds connections that are left alone
 */
public record ClientSelector(String userId, String clientId, String sessionId, Set<String> exceptClientIds) {

    /**
     * All connections of a user.
     *
     * @param userId id of the user; empty for anonymous clients
     * @return a selector of all connections of the user
     */
    public static ClientSelector user(String userId) {
        return new ClientSelector(userId, "", "", Set.of());
    }
}
