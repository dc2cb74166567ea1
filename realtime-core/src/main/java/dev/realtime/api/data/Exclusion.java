package dev.realtime.api.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Clients and users that a publication is not delivered to, although they are subscribed. Immutable; begin with
 * {@link #NONE}.
 *
 * @param clientIds ids of connections
 * @param userIds ids of users, with all their connections
 */
public record Exclusion(List<String> clientIds, List<String> userIds) {

    /** No exclusion: every subscriber gets the publication. */
    public static final Exclusion NONE = new Exclusion(List.of(), List.of());

    /**
     * Exclusion of connections and users.
     *
     * @param clientIds ids of connections
     * @param userIds ids of users, with all their connections
     */
    public Exclusion {
        clientIds = List.copyOf(clientIds);
        userIds = List.copyOf(userIds);
    }

    /**
     * Adds a connection.
     *
     * @param clientId id of the connection
     * @return a copy that excludes the connection too
     * @throws IllegalArgumentException if the id is empty
     */
    public Exclusion andClient(String clientId) {
        return new Exclusion(with(clientIds, clientId, "client"), userIds);
    }

    /**
     * Adds a user.
     *
     * @param userId id of the user
     * @return a copy that excludes the user too
     * @throws IllegalArgumentException if the id is empty, which identifies no user
     */
    public Exclusion andUser(String userId) {
        return new Exclusion(clientIds, with(userIds, userId, "user"));
    }

    private static List<String> with(List<String> ids, String id, String kind) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException(
                    "The id of the " + kind + " to leave out is empty. Name a " + kind + ", or call nothing.");
        }
        List<String> more = new ArrayList<>(ids);
        more.add(id);
        return more;
    }

    /**
     * Returns whether every subscriber gets the publication.
     *
     * @return {@code true} if there is no client and no user
     */
    public boolean isEmpty() {
        return clientIds.isEmpty() && userIds.isEmpty();
    }

    /**
     * Returns whether a subscriber does not get the publication.
     *
     * @param clientId id of its connection
     * @param userId id of its user; empty for an anonymous client
     * @return {@code true} if one of them is excluded
     */
    public boolean excludes(String clientId, String userId) {
        return clientIds.contains(clientId) || userIds.contains(userId);
    }
}
