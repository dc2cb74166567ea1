package dev.realtime.emulation;

import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The emulated sessions of this node by their secret ids of 128 random bits, each for as long as its connection. Used
 * by any thread.
 *
 * <p>A client that knows the id of a session can act as the client of that session, so nothing here shows whether an id
 * exists: a frame for an unknown session is taken like any other. Callers do not wait until a frame is read, so that
 * the time does not show it either.
 */
public final class EmulatedSessions {

    private static final int ID_BYTES = 16;

    private final Map<String, EmulatedSession> sessions = new ConcurrentHashMap<>();

    private final SecureRandom random = new SecureRandom();

    private final NodeStatistics statistics;

    public EmulatedSessions(NodeStatistics statistics) {
        this.statistics = statistics;
    }

    /** Returns the id under which a client can post frames from now on. Called on the executor of the connection. */
    public String register(EmulatedSession session) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        session.id(id);
        sessions.put(id, session);
        return id;
    }

    /** Forgets a session, which may not have been registered. Called on the executor of the connection. */
    public void forget(EmulatedSession session) {
        sessions.remove(session.id());
    }

    /**
     * Hands a frame to the session of this id.
     *
     * @param frame commands of the client, taken over
     * @return {@code false} if so much of the session waits that the frame was dropped; {@code true} for an unknown one
     */
    public boolean offer(String id, byte[] frame) {
        EmulatedSession session = sessions.get(id);
        if (session == null) {
            return true;
        }
        if (session.offer(frame)) {
            statistics.received(frame.length);
            return true;
        }
        statistics.refused(ReachedLimit.EMULATION_QUEUE, "");
        return false;
    }
}
