package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.generation.Generation;
import dev.realtime.engine.redis.stream.PastEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one channel on several servers that replicate, are promoted, come back, and hand it to each other; with
 * what the scripts do to it. A change of the stream is one step of the replication offset.
 */
final class SimulatedStream {

    private static final long BEYOND = 9_007_199_254_740_991L;

    private static final int OFFSETS_OF_A_CHANGE = 10;

    /** What the meta hash and the stream hold; {@code kept} are the publications by offset. */
    record State(String epoch, List<PastEpoch> past, List<Integer> kept) {

        long top() {
            return kept.size();
        }

        String pastText() {
            StringBuilder text = new StringBuilder();
            past.forEach(ended -> text.append(ended.epoch())
                    .append(',')
                    .append(ended.boundary())
                    .append(',')
                    .append(ended.isSettled() ? String.valueOf(ended.seen()) : "?")
                    .append(';'));
            return text.toString();
        }
    }

    /** A server with the history of its changes. */
    static final class Server {

        final String name;

        private List<@Nullable State> log = new ArrayList<>();

        String generation;

        String former = Generation.UNKNOWN;

        long formerEnd = -1;

        /** Whether it has not followed another one since it was a primary. */
        boolean leads;

        /** Identity of its process. */
        int run;

        Server(String name, String generation) {
            this.name = name;
            this.generation = generation;
        }

        int changes() {
            return log.size();
        }

        long offset() {
            return offsetAt(log.size());
        }

        private static long offsetAt(int changes) {
            return 100 + (long) OFFSETS_OF_A_CHANGE * changes;
        }

        @Nullable
        State state() {
            return log.isEmpty() ? null : log.get(log.size() - 1);
        }
    }

    /** Kept publications by place, in every epoch that ever was. */
    private final Map<String, List<Integer>> places = new HashMap<>();

    private int generations;

    private int epochs;

    private int published;

    String newGeneration() {
        return "%08x".formatted(0xa0000000L + ++generations);
    }

    private String newEpoch(Server server) {
        return server.generation + "%012d".formatted(++epochs);
    }

    private void change(Server server, @Nullable State state) {
        server.log.add(state);
        if (state != null) {
            places.put(state.epoch() + '@' + state.top(), state.kept());
        }
    }

    /** Returns what a client has that was brought to this place. */
    List<Integer> upTo(String epoch, long offset) {
        return places.getOrDefault(epoch + '@' + offset, List.of());
    }

    int published() {
        return published;
    }

    // Replication

    /** A replica follows a primary up to this many changes of it. */
    void follow(Server replica, Server primary, int changes) {
        replica.leads = false;
        if (!replica.generation.equals(primary.generation)) {
            boolean partial = replica.generation.equals(primary.former) && replica.offset() < primary.formerEnd;
            replica.former = partial ? replica.generation : Generation.UNKNOWN;
            replica.formerEnd = partial ? replica.offset() + 1 : -1;
            replica.generation = primary.generation;
            if (!partial) {
                replica.log = new ArrayList<>(primary.log);
                return;
            }
        }
        int from = replica.log.size();
        replica.log.addAll(primary.log.subList(from, Math.max(from, Math.min(changes, primary.log.size()))));
    }

    /** A replica becomes a primary. */
    void promote(Server replica) {
        replica.former = replica.generation;
        replica.formerEnd = replica.offset() + 1;
        replica.generation = newGeneration();
        replica.leads = true;
    }

    /** A server comes back with older data, and no other server knows what is missing. */
    void restart(Server server, int changes) {
        server.log = new ArrayList<>(server.log.subList(0, changes));
        server.generation = newGeneration();
        server.former = Generation.UNKNOWN;
        server.formerEnd = -1;
        server.run++;
    }

    /** The slot of the stream moves. */
    void move(Server from, Server to) {
        change(to, from.state());
        change(from, null);
    }

    // Scripts

    /** As open-stream.lua; begins a stream if there is none. */
    State open(Server server) {
        State state = server.state();
        if (state == null) {
            change(server, new State(newEpoch(server), List.of(), List.of()));
        } else if (!Generation.of(state.epoch()).equals(server.generation)) {
            next(server, state, state.past(), PastEpoch.UNSETTLED);
        }
        State opened = server.state();
        if (opened == null) {
            throw new AssertionError("It was opened");
        }
        return opened;
    }

    private void next(Server server, State state, List<PastEpoch> past, long seen) {
        List<PastEpoch> more = new ArrayList<>(past);
        more.add(new PastEpoch(state.epoch(), state.top(), seen));
        change(server, new State(newEpoch(server), List.copyOf(more), state.kept()));
    }

    /** As publish.lua; returns the number of the publication. */
    int publish(Server server) {
        State state = open(server);
        List<Integer> kept = new ArrayList<>(state.kept());
        kept.add(++published);
        change(server, new State(state.epoch(), state.past(), List.copyOf(kept)));
        return published;
    }

    /** As note-seen.lua, with one epoch. */
    long noteSeen(Server server, String epoch, long seen) {
        if (server.state() == null) {
            return 0;
        }
        State state = open(server);
        boolean lost = false;
        List<PastEpoch> past = new ArrayList<>(state.past());
        for (int i = 0; i < past.size(); i++) {
            PastEpoch ended = past.get(i);
            if (ended.epoch().equals(epoch) && ended.seen() < seen) {
                past.set(i, new PastEpoch(epoch, ended.boundary(), seen));
                lost |= seen > ended.boundary();
            }
        }
        if (past.equals(state.past())) {
            return 0;
        }
        if (lost) {
            next(server, state, past, BEYOND);
            return 1;
        }
        change(server, new State(state.epoch(), List.copyOf(past), state.kept()));
        return 0;
    }

    /** As end-epoch.lua. */
    long endEpoch(Server server, String epoch) {
        if (server.state() == null) {
            return 0;
        }
        State state = open(server);
        boolean since = false;
        for (PastEpoch ended : state.past()) {
            since |= ended.epoch().equals(epoch);
            if (since && ended.isLossy()) {
                return 0;
            }
        }
        if (!since && !state.epoch().equals(epoch)) {
            return -1;
        }
        next(server, state, state.past(), BEYOND);
        return 1;
    }
}
