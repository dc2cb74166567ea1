package dev.realtime.engine.redis.epoch;

import dev.realtime.engine.redis.stream.PastEpoch.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model of one channel through a failover that may roll back: two servers, two nodes, two clients. Every method is
 * one atomic step; which steps may follow each other, in any order, is up to {@link FenceModelTests}.
 *
 * <p>What is modelled: asynchronous replication as a copy of the stream at any moment; a promotion while the old
 * primary continues to serve nodes that still use it; commands and subscriptions of a node that change servers at
 * different times; acknowledgements and pushes that arrive late or never; checkpoints that are taken at any moment;
 * notes that are forgotten; a registry of nodes that is rolled back too; nodes that leave in good order, and nodes that
 * are taken for dead and are not; clients that never learn of a new epoch while they are connected, go away, and come
 * back by either node.
 *
 * <p>Which part of the engine is which step:
 *
 * <pre>
 *   meet            open-stream.lua, at the beginning of every script that uses a position
 *   publish         publish.lua
 *   answer          RedisBroker.Acknowledgement with Generations.acknowledged
 *   checkpoint      ReplicationRounds, Generation.checkpoint
 *   forgetNotes     Generation.shrink
 *   arrive, resync  StreamFollower; what it has seen it notes when its generation ends, or it meets another epoch
 *   settle          Settlement.end, TailCheck
 *   recover         RedisBroker.history, again after a verdict; PastEpoch, HistoryResult.continues
 *   verdict         Handovers.decide
 *   leave           Settlement.finish
 *   tellAll         note-seen.lua
 * </pre>
 */
final class FenceModel {

    /** The rules of the fence, so that a test can leave one out. */
    enum Rule {
        /**
         * A script that meets another generation than the stream's begins a new epoch and keeps the boundary of the
         * old.
         */
        NEW_EPOCH_WITH_GENERATION,
        /**
         * A client that comes back across a boundary waits until all members have settled the generation that ended.
         */
        WAIT_FOR_ALL_MEMBERS,
        /** Members are those that the asking node remembers, not only those in the registry. */
        REMEMBER_MEMBERS,
        /** A node that knows that a generation has ended acknowledges nothing of it. */
        REFUSE_LATE_ACKNOWLEDGEMENTS,
        /** A node looks for the tail of a generation that ended, and notes what is missing. */
        CHECK_THE_TAIL,
        /**
         * What is noted since the last checkpoint that the successor has is the tail, not only what came after the last
         * one.
         */
        COMPARE_CHECKPOINT_WITH_SUCCESSOR,
        /** A node that forgot something of its tail says so, and then everything counts as lost. */
        COUNT_WHAT_IS_FORGOTTEN,
        /** A node that leaves has settled what it knows, and replicas have what it saw. */
        SETTLE_BEFORE_LEAVING
    }

    /** Not known yet what nodes had seen of an epoch. */
    static final int UNSETTLED = -1;

    /** More was seen of an epoch than was kept, however much. */
    private static final int LOST = Integer.MAX_VALUE;

    /** A push that only announces a new epoch. */
    private static final int NO_PUBLICATION = 0;

    /** An epoch that ended: its last offset that was kept, and the highest offset that a node had seen of it. */
    record Past(int epoch, int boundary, int seen) {

        boolean clean() {
            return seen != UNSETTLED && seen <= boundary;
        }
    }

    record Position(int epoch, int offset) {}

    record Message(Position position, int publication) {}

    /** What a server keeps of the channel. {@code kept} are the publications by offset. */
    record Stream(int epoch, int generation, List<Integer> kept, List<Past> pasts) {

        int top() {
            return kept.size();
        }

        Stream append(int publication) {
            return new Stream(epoch, generation, plus(kept, publication), pasts);
        }

        Stream next(int newEpoch, int newGeneration, int seen) {
            return new Stream(newEpoch, newGeneration, kept, plus(pasts, new Past(epoch, top(), seen)));
        }

        Stream with(int index, Past past) {
            List<Past> changed = new ArrayList<>(pasts);
            changed.set(index, past);
            return new Stream(epoch, generation, kept, List.copyOf(changed));
        }

        int indexOf(int pastEpoch) {
            for (int i = 0; i < pasts.size(); i++) {
                if (pasts.get(i).epoch() == pastEpoch) {
                    return i;
                }
            }
            return -1;
        }
    }

    /** Statement of a node about a generation. */
    enum Settled {
        NOT_YET,
        SETTLED,
        FORGOTTEN
    }

    /** One node: where its commands and its subscriptions go, and what it knows. */
    static final class Node {
        int commands;
        int subscriptions;
        /** Whether the others wait for it; not any more after it was silent for too long. */
        boolean living = true;
        /** In good order. */
        boolean left;
        /** Whether the registry in the new primary knows it. */
        boolean registered = true;
        /** What it says of the first generation. */
        Settled settled = Settled.NOT_YET;
        /** Changes of the first server that were covered by the last checkpoint, and what was seen by then. */
        int checkpoint;

        int seenAtCheckpoint;
        /** Whether notes of the first generation gave way: those of before the last checkpoint, or later ones. */
        boolean forgotEarly;

        boolean forgotLate;
        List<Message> arriving = List.of();
        /** Position up to which the subscribers of this node were given everything. */
        Position follower = new Position(1, 0);
        /** Epoch to the highest offset met in a push or an acknowledgement. */
        Map<Integer, Integer> seen = Map.of(1, 0);
        /** Published, executed, and not answered yet. */
        List<Message> unanswered = List.of();

        Node copy() {
            Node copy = new Node();
            copy.commands = commands;
            copy.subscriptions = subscriptions;
            copy.living = living;
            copy.arriving = arriving;
            copy.follower = follower;
            copy.seen = seen;
            copy.left = left;
            copy.registered = registered;
            copy.settled = settled;
            copy.checkpoint = checkpoint;
            copy.seenAtCheckpoint = seenAtCheckpoint;
            copy.forgotEarly = forgotEarly;
            copy.forgotLate = forgotLate;
            copy.unanswered = unanswered;
            return copy;
        }

        void describe(StringBuilder key) {
            key.append(commands).append(subscriptions).append(living ? 'l' : 'f');
            arriving.forEach(message -> append(key, message));
            append(key, follower);
            seen.forEach(
                    (epoch, offset) -> key.append('s').append(epoch).append(':').append(offset));
            key.append(left ? 'L' : '-').append(registered ? 'r' : '-').append(settled.ordinal());
            key.append(checkpoint).append(':').append(seenAtCheckpoint);
            key.append(forgotEarly ? 'e' : '-').append(forgotLate ? 'f' : '-');
            unanswered.forEach(message -> append(key, message));
        }
    }

    /** One client: its position, what it received, and which losses it was notified of. */
    static final class Client {
        int node;
        boolean connected = true;
        /** How often it came back; bounds the search. */
        int returns;

        Position position = new Position(1, 0);
        /** Epoch that it names when it comes back: it was notified of no later one. */
        int named = 1;
        /** Received since it was last notified, when it started over. */
        List<Integer> got = List.of();

        Set<Integer> excused = Set.of();
        boolean notified;
        /**
         * Whether it came back by a node that still read the old primary, or a member had not settled yet or had
         * forgotten.
         */
        boolean notifiedInDoubt;
        /** Whether it had to come back, though it did not go away. */
        boolean disturbed;
        /** Whether it was assured that it missed nothing while a member knew better. */
        boolean misled;

        Client copy() {
            Client copy = new Client();
            copy.node = node;
            copy.connected = connected;
            copy.position = position;
            copy.got = got;
            copy.excused = excused;
            copy.notified = notified;
            copy.returns = returns;
            copy.notifiedInDoubt = notifiedInDoubt;
            copy.named = named;
            copy.disturbed = disturbed;
            copy.misled = misled;
            return copy;
        }

        void describe(StringBuilder key) {
            key.append(node).append(connected ? 'c' : 'd').append(returns);
            append(key, position);
            key.append('n').append(named).append(disturbed ? 'D' : '-').append(misled ? 'M' : '-');
            got.forEach(publication -> key.append('g').append(publication));
            excused.forEach(publication -> key.append('x').append(publication));
            key.append(notified ? 't' : '-').append(notifiedInDoubt ? 'd' : '-');
        }
    }

    final Set<Rule> rules;
    final Stream[] streams = {new Stream(1, 1, List.of(), List.of()), new Stream(1, 1, List.of(), List.of())};
    final Node[] nodes = {new Node(), new Node()};
    final Client[] clients = {new Client(), new Client()};
    /** Generation of each server; the second is a replica until it is promoted. */
    final int[] generations = {1, 1};

    boolean promoted;
    boolean healed;
    int epochs = 1;
    int published;
    /** Changes of the first server, and how many of them the second has. */
    int changes;

    int replicated;
    /** Epochs of the first generation. */
    Set<Integer> ofFirst = Set.of(1);
    /** What is noted of the handover; {@code null} before. */
    @Nullable
    Verdict verdict;

    private boolean notifiedOfVerdict;

    Set<Integer> acknowledged = Set.of();

    FenceModel(Set<Rule> rules) {
        this.rules = rules;
        clients[1].node = 1;
    }

    FenceModel copy() {
        FenceModel copy = new FenceModel(rules);
        for (int i = 0; i < 2; i++) {
            copy.streams[i] = streams[i];
            copy.nodes[i] = nodes[i].copy();
            copy.clients[i] = clients[i].copy();
            copy.generations[i] = generations[i];
        }
        copy.promoted = promoted;
        copy.healed = healed;
        copy.epochs = epochs;
        copy.changes = changes;
        copy.replicated = replicated;
        copy.ofFirst = ofFirst;
        copy.verdict = verdict;
        copy.notifiedOfVerdict = notifiedOfVerdict;
        copy.published = published;
        copy.acknowledged = acknowledged;
        return copy;
    }

    /** Equal keys, equal futures. */
    String key() {
        StringBuilder key = new StringBuilder(160);
        for (int i = 0; i < 2; i++) {
            Stream stream = streams[i];
            key.append(stream.epoch()).append('/').append(stream.generation());
            stream.kept().forEach(publication -> key.append('k').append(publication));
            stream.pasts()
                    .forEach(past -> key.append('p')
                            .append(past.epoch())
                            .append(':')
                            .append(past.boundary())
                            .append(':')
                            .append(past.seen()));
            key.append('n');
            nodes[i].describe(key);
            key.append('c');
            clients[i].describe(key);
        }
        key.append(changes).append('/').append(replicated).append(verdict == null ? "-" : verdict.name());
        key.append(promoted ? 'p' : '-')
                .append(healed ? 'h' : '-')
                .append(epochs)
                .append(published);
        acknowledged.forEach(publication -> key.append('a').append(publication));
        return key.toString();
    }

    private static void append(StringBuilder key, Message message) {
        append(key, message.position());
        key.append('m').append(message.publication());
    }

    private static void append(StringBuilder key, Position position) {
        key.append('@').append(position.epoch()).append(':').append(position.offset());
    }

    // Steps of the servers

    void replicate() {
        streams[1] = streams[0];
        replicated = changes;
    }

    void promote() {
        promoted = true;
        generations[1] = 2;
    }

    /** The old primary becomes a replica; nodes that talked to it are sent to the new one. */
    void heal() {
        healed = true;
        for (int i = 0; i < 2; i++) {
            nodes[i].unanswered = List.of();
            nodes[i].commands = 1;
            if (nodes[i].subscriptions == 0 && !nodes[i].left) {
                moveSubscriptions(i);
            }
        }
    }

    // Steps of the nodes

    void publish(int node) {
        Node from = nodes[node];
        int server = from.commands;
        meet(server);
        change(server, streams[server].append(++published));
        Message message = new Message(new Position(streams[server].epoch(), streams[server].top()), published);
        from.unanswered = plus(from.unanswered, message);
        push(server, message);
    }

    void answer(int node) {
        Node to = nodes[node];
        Message answer = to.unanswered.get(0);
        to.unanswered = List.of();
        Position position = answer.position();
        boolean ended = hasEnded(to, position.epoch()) && rules.contains(Rule.REFUSE_LATE_ACKNOWLEDGEMENTS);
        if (!ended) {
            acknowledged = plus(acknowledged, answer.publication());
            saw(to, position);
        }
    }

    void loseAnswer(int node) {
        nodes[node].unanswered = List.of();
    }

    void arrive(int node) {
        Node at = nodes[node];
        Message message = at.arriving.get(0);
        at.arriving = List.copyOf(at.arriving.subList(1, at.arriving.size()));
        Position position = message.position();
        if (hasEnded(at, position.epoch())) {
            return;
        }
        if (position.epoch() == at.follower.epoch() && position.offset() <= at.follower.offset() + 1) {
            if (message.publication() != NO_PUBLICATION) {
                saw(at, position);
            }
            hand(node, message);
        } else {
            resync(node);
        }
    }

    /** The server that commands go to says how far it is; everything that was seen by now is within that. */
    void checkpoint(int node) {
        Node at = nodes[node];
        at.checkpoint = changes;
        at.seenAtCheckpoint = at.seen.getOrDefault(1, 0);
        at.forgotEarly |= at.forgotLate;
        at.forgotLate = false;
    }

    /** The note of the first epoch gives way. */
    void forgetNotes(int node) {
        Node at = nodes[node];
        if (at.seen.getOrDefault(1, 0) > at.seenAtCheckpoint) {
            at.forgotLate = true;
        } else {
            at.forgotEarly = true;
        }
        at.seen = plus(at.seen, 1, 0);
    }

    void moveCommands(int node) {
        nodes[node].commands = 1;
    }

    /** What was on its way on the old connection is lost. */
    void moveSubscriptions(int node) {
        nodes[node].subscriptions = 1;
        nodes[node].arriving = List.of();
        resync(node);
    }

    /** The node finds that the first generation has ended: the server that it talks to continues it. */
    void settle(int node) {
        Node at = nodes[node];
        if (at.follower.epoch() == 1 || ofFirst.contains(at.follower.epoch())) {
            // What its subscribers were given it notes at the latest now.
            saw(at, at.follower);
        }
        boolean covered = at.checkpoint <= replicated || !rules.contains(Rule.COMPARE_CHECKPOINT_WITH_SUCCESSOR);
        int certain = covered ? at.seenAtCheckpoint : 0;
        at.settled = Settled.SETTLED;
        if (rules.contains(Rule.COUNT_WHAT_IS_FORGOTTEN) && (at.forgotLate || (at.forgotEarly && !covered))) {
            at.settled = Settled.FORGOTTEN;
            // It says so, whatever the others found without it.
            verdict = Verdict.LOST;
        }
        if (at.seen.getOrDefault(1, 0) > certain && rules.contains(Rule.CHECK_THE_TAIL)) {
            meet(1);
            report(node, 1, 1);
        }
    }

    /** Whether nothing keeps a node from leaving in good order. */
    boolean mayLeave(int node) {
        Node at = nodes[node];
        if (!rules.contains(Rule.SETTLE_BEFORE_LEAVING)) {
            return true;
        }
        boolean unseen = at.seen.getOrDefault(1, 0) <= at.seenAtCheckpoint && !at.forgotLate;
        return promoted ? at.settled != Settled.NOT_YET : unseen && at.checkpoint <= replicated;
    }

    void leave(int node) {
        nodes[node].left = true;
        nodes[node].unanswered = List.of();
        nodes[node].arriving = List.of();
        forEachClientOf(node, client -> {
            client.connected = false;
            client.node = 1 - node;
        });
    }

    /** It is taken for dead. */
    void forget(int node) {
        nodes[node].living = false;
    }

    /** The registry is rolled back to before the node came. */
    void unregister(int node) {
        nodes[node].registered = false;
    }

    // Steps of the clients

    void goAway(int client) {
        clients[client].connected = false;
    }

    /** Comes back by a node and asks for what it missed. */
    void recover(int client, int node) {
        Client back = clients[client];
        back.node = node;
        back.connected = true;
        back.returns++;
        int server = nodes[node].commands;
        meet(server);
        if (mayRecover(back, node, server)) {
            Stream stream = streams[server];
            back.misled |= aMemberKnowsBetter(back.named, stream);
            for (int offset = back.position.offset() + 1; offset <= stream.top(); offset++) {
                back.got = plus(back.got, stream.kept().get(offset - 1));
            }
        } else {
            back.notified = true;
            Set<Integer> excused = new TreeSet<>(back.excused);
            for (int publication = 1; publication <= published; publication++) {
                excused.add(publication);
            }
            back.excused = excused;
            back.got = List.of();
        }
        back.notifiedInDoubt |= promoted && server == 0;
        back.position = new Position(streams[server].epoch(), streams[server].top());
        back.named = back.position.epoch();
        saw(nodes[node], back.position);
    }

    private boolean aMemberKnowsBetter(int epoch, Stream stream) {
        int index = stream.indexOf(epoch);
        if (index < 0) {
            return false;
        }
        for (Node node : nodes) {
            if (node.living
                    && !node.left
                    && node.seen.getOrDefault(epoch, 0)
                            > stream.pasts().get(index).boundary()) {
                return true;
            }
        }
        return false;
    }

    private boolean mayRecover(Client back, int node, int server) {
        Position since = new Position(back.named, back.position.offset());
        if (since.epoch() == streams[server].epoch()) {
            return since.offset() <= streams[server].top();
        }
        int first = streams[server].indexOf(since.epoch());
        if (first < 0) {
            return false;
        }
        Verdict known = Verdict.WHOLE;
        if (rules.contains(Rule.WAIT_FOR_ALL_MEMBERS) && needsVerdict(server, first)) {
            known = verdict(node);
            if (known == null) {
                back.notifiedInDoubt = true;
                return false;
            }
            if (known == Verdict.LOST) {
                back.notifiedInDoubt = true;
                return false;
            }
        }
        for (int i = first; i < streams[server].pasts().size(); i++) {
            Past past = streams[server].pasts().get(i);
            if (past.seen() != UNSETTLED && !past.clean()) {
                return false;
            }
        }
        back.notifiedInDoubt |= known == Verdict.WHOLE_BUT_FOR_ABSENT;
        int last = known == Verdict.WHOLE
                ? streams[server].top()
                : streams[server].pasts().get(first).boundary();
        return since.offset() <= last;
    }

    private boolean needsVerdict(int server, int first) {
        return streams[server].pasts().subList(first, streams[server].pasts().size()).stream()
                .anyMatch(past -> past.seen() == UNSETTLED);
    }

    /** {@code null} as long as not all members have settled. */
    private @Nullable Verdict verdict(int asking) {
        if (verdict != null) {
            return verdict;
        }
        boolean absent = false;
        for (int i = 0; i < 2; i++) {
            Node asked = nodes[i];
            boolean member = i == asking || asked.registered || rules.contains(Rule.REMEMBER_MEMBERS);
            if (asked.left || !member) {
                continue;
            }
            if (asked.settled == Settled.FORGOTTEN) {
                verdict = Verdict.LOST;
                return verdict;
            }
            boolean reached = i == asking || asked.subscriptions == nodes[asking].subscriptions;
            if (asked.settled == Settled.NOT_YET || !reached) {
                if (asked.living || i == asking) {
                    return null;
                }
                absent = true;
            }
        }
        verdict = absent ? Verdict.WHOLE_BUT_FOR_ABSENT : Verdict.WHOLE;
        return verdict;
    }

    // Parts of steps

    /** What every script does first. */
    private void meet(int server) {
        Stream stream = streams[server];
        if (stream.generation() != generations[server] && rules.contains(Rule.NEW_EPOCH_WITH_GENERATION)) {
            change(server, stream.next(++epochs, generations[server], UNSETTLED));
        }
    }

    private void change(int server, Stream changed) {
        streams[server] = changed;
        if (server == 0) {
            changes++;
        }
    }

    private boolean hasEnded(Node node, int epoch) {
        return node.settled != Settled.NOT_YET && ofFirst.contains(epoch);
    }

    private void push(int server, Message message) {
        for (Node node : nodes) {
            if (node.subscriptions == server && !node.left) {
                node.arriving = plus(node.arriving, message);
            }
        }
    }

    private void saw(Node node, Position position) {
        node.seen = plus(
                node.seen, position.epoch(), Math.max(position.offset(), node.seen.getOrDefault(position.epoch(), 0)));
    }

    /** Gives a publication to the clients on a node, each of which decides whether it is its next. */
    private void hand(int node, Message message) {
        Node at = nodes[node];
        Position position = message.position();
        if (position.offset() == at.follower.offset() + 1) {
            at.follower = position;
        }
        for (Client client : clients) {
            if (client.node != node || !client.connected || message.publication() == NO_PUBLICATION) {
                continue;
            }
            if (client.position.epoch() != position.epoch() || position.offset() > client.position.offset() + 1) {
                disturb(client);
            } else if (position.offset() == client.position.offset() + 1) {
                client.position = position;
                client.got = plus(client.got, message.publication());
            }
        }
    }

    private static void disturb(Client client) {
        client.disturbed |= client.connected;
        client.connected = false;
    }

    /** Reads the stream from the position of the follower; delivers what is missing, or has the clients come back. */
    void resync(int node) {
        Node at = nodes[node];
        int server = at.subscriptions;
        meet(server);
        if (hasEnded(at, streams[server].epoch())) {
            // Answered by a server that was replaced: read again later.
            return;
        }
        if (streams[server].epoch() != at.follower.epoch()) {
            continueIn(node, server);
        }
        Stream stream = streams[server];
        if (stream.epoch() == at.follower.epoch() && stream.top() >= at.follower.offset()) {
            for (int offset = at.follower.offset() + 1; offset <= stream.top(); offset++) {
                Message missing = new Message(
                        new Position(stream.epoch(), offset), stream.kept().get(offset - 1));
                saw(at, missing.position());
                hand(node, missing);
            }
            return;
        }
        at.follower = new Position(stream.epoch(), stream.top());
        forEachClientOf(node, client -> {
            if (!client.position.equals(at.follower)) {
                disturb(client);
            }
        });
    }

    /** Takes subscribers along into the next epoch, if the stream continued from where they are. */
    private void continueIn(int node, int server) {
        Node at = nodes[node];
        saw(at, at.follower);
        for (Past past : streams[server].pasts()) {
            report(node, past.epoch(), server);
        }
        Stream stream = streams[server];
        int first = stream.indexOf(at.follower.epoch());
        if (first < 0 || at.follower.offset() > stream.pasts().get(first).boundary()) {
            return;
        }
        List<Past> since = stream.pasts().subList(first, stream.pasts().size());
        if (since.stream().anyMatch(past -> past.seen() != UNSETTLED && !past.clean())) {
            return;
        }
        forEachClientOf(node, client -> {
            int from = stream.indexOf(client.position.epoch());
            if (from >= 0
                    && client.position.offset() <= stream.pasts().get(from).boundary()) {
                client.position = new Position(stream.epoch(), client.position.offset());
            }
        });
        at.follower = new Position(stream.epoch(), at.follower.offset());
    }

    /** Notes at a server that more was seen of an ended epoch than was kept, if so. */
    private void report(int node, int epoch, int server) {
        int seen = nodes[node].seen.getOrDefault(epoch, 0);
        int index = streams[server].indexOf(epoch);
        if (index < 0 || !rules.contains(Rule.CHECK_THE_TAIL)) {
            return;
        }
        Past past = streams[server].pasts().get(index);
        if (seen > Math.max(past.boundary(), past.seen())) {
            change(server, streams[server].with(index, new Past(epoch, past.boundary(), seen)));
            notifyAllOf(server);
        }
    }

    /**
     * Begins an epoch that no client recovers into: subscribers since the boundary may have missed what was lost, too.
     */
    private void notifyAllOf(int server) {
        change(server, streams[server].next(++epochs, generations[server], LOST));
        push(server, new Message(new Position(streams[server].epoch(), streams[server].top()), NO_PUBLICATION));
    }

    private void forEachClientOf(int node, Consumer<Client> action) {
        for (Client client : clients) {
            if (client.node == node) {
                action.accept(client);
            }
        }
    }

    // The end

    /**
     * Everything settles: the partition heals, what is on its way arrives, positions are compared, clients come back.
     */
    void comeToRest() {
        if (!promoted) {
            for (int i = 0; i < 2; i++) {
                while (!nodes[i].unanswered.isEmpty()) {
                    answer(i);
                }
            }
        } else if (!healed) {
            heal();
        }
        for (int i = 0; i < 2; i++) {
            if (promoted && !nodes[i].left && nodes[i].settled == Settled.NOT_YET) {
                settle(i);
            }
        }
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 2; i++) {
                if (!nodes[i].left) {
                    tellIfLost(i);
                    comeToRest(i);
                }
            }
            for (int i = 0; i < 2; i++) {
                int by = nodes[clients[i].node].left ? 1 - clients[i].node : clients[i].node;
                Stream stream = streams[nodes[by].commands];
                boolean there = clients[i].position.equals(new Position(stream.epoch(), stream.top()));
                if (clients[i].connected && !there) {
                    disturb(clients[i]);
                }
                if (!clients[i].connected) {
                    recover(i, by);
                }
            }
        }
    }

    private void comeToRest(int node) {
        while (!nodes[node].unanswered.isEmpty()) {
            answer(node);
        }
        while (!nodes[node].arriving.isEmpty()) {
            arrive(node);
        }
        resync(node);
    }

    /** A verdict of loss ends the present epoch, once. */
    private void tellIfLost(int asking) {
        if (promoted && !notifiedOfVerdict && verdict(asking) == Verdict.LOST) {
            notifiedOfVerdict = true;
            notifyAllOf(1);
        }
    }

    /** Returns what was acknowledged and a client neither received nor was notified of; the fence promises none. */
    Set<Integer> silentLosses(int client) {
        Set<Integer> missing = new HashSet<>(acknowledged);
        missing.removeAll(clients[client].got);
        missing.removeAll(clients[client].excused);
        return missing;
    }

    /** Whether a client got a publication twice without having been notified to start over. */
    boolean duplicated(int client) {
        return new HashSet<>(clients[client].got).size() < clients[client].got.size();
    }

    /** Whether nothing that any client or publisher knows of was rolled back. */
    boolean nothingLost() {
        List<Integer> kept = streams[promoted ? 1 : 0].kept();
        return kept.size() == published;
    }

    private static <T> List<T> plus(List<T> list, T added) {
        List<T> more = new ArrayList<>(list);
        more.add(added);
        return Collections.unmodifiableList(more);
    }

    private static <T extends Comparable<T>> Set<T> plus(Set<T> set, T added) {
        Set<T> more = new TreeSet<>(set);
        more.add(added);
        return Collections.unmodifiableSet(more);
    }

    private static Map<Integer, Integer> plus(Map<Integer, Integer> map, int key, int value) {
        Map<Integer, Integer> more = new TreeMap<>(map);
        more.put(key, value);
        return Collections.unmodifiableMap(more);
    }
}
