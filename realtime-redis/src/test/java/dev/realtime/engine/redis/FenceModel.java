package dev.realtime.engine.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A model of one channel through a failover that may roll back: two servers, two nodes, two clients. Every method is one
 * atomic step; which steps may follow each other, in any order, is up to {@link FenceModelTests}.
 *
 * <p>What is modelled: asynchronous replication as a copy of the stream at any moment; a promotion while the old primary goes
 * on to serve whoever still talks to it; commands and subscriptions of a node that change servers at different times;
 * acknowledgements and pushes that arrive late or never; nodes that cannot be asked because the control bus does not reach
 * them, or that no longer count as living; clients that go away and come back by either node.
 *
 * <p>Which part of the engine is which step:
 *
 * <pre>
 *   meet            open-stream.lua, at the beginning of every script that uses a position
 *   publish         publish.lua
 *   answer          RedisBroker.Acknowledgement with SeenOffsets.acknowledged, which knows of ended epochs
 *   arrive, resync  ChannelFeed; what it has seen goes to SeenOffsets when it is asked, meets another epoch, or ends
 *   recover         RedisBroker.history, which reads again after settling; PastEpoch and HistoryResult.continues decide
 *   settle          Boundaries.settle: BoundaryQuestions asks by Surveys, note-seen.lua notes the answers
 *   report          Boundaries.learn, called by ChannelFeed and, for channels that are only published to, by PublishedChannels
 *   tellAll         note-seen.lua
 * </pre>
 *
 * The engine is stricter in one thing: once it was asked, a feed passes nothing of an ended epoch on any more. Here it does, which
 * has to be harmless as well.
 */
final class FenceModel {

    /** The rules of the fence, so that a test can leave one out. */
    enum Rule {
        /** A script that meets another generation than the stream's begins a new epoch and keeps the boundary of the old. */
        NEW_EPOCH_WITH_GENERATION,
        /** Whoever recovers across a boundary asks all living nodes what they had seen beyond it. */
        ASK_LIVING_NODES,
        /** A node that knows where an epoch ended acknowledges nothing beyond. */
        REFUSE_LATE_ACKNOWLEDGEMENTS,
        /** A node that had seen more than the boundary of an ended epoch says so, also when others recovered across it before. */
        REPORT_LATE
    }

    /** Not known yet what nodes had seen of an epoch. */
    static final int UNSETTLED = -1;

    /** More was seen of an epoch than was kept, however much. */
    private static final int LOST = Integer.MAX_VALUE;

    /** A push that only tells of a new epoch. */
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

    /** One node: where its commands and its subscriptions go, and what it knows. */
    static final class Node {
        int commands;
        int subscriptions;
        boolean living = true;
        List<Message> arriving = List.of();
        /** Position up to which the subscribers of this node were given everything. */
        Position feed = new Position(1, 0);
        /** Epoch to the highest offset met in a push or an acknowledgement. */
        Map<Integer, Integer> seen = Map.of(1, 0);
        /** Epoch to boundary, of epochs known to have ended. */
        Map<Integer, Integer> ended = Map.of();
        /** Published, executed, and not answered yet. */
        List<Message> unanswered = List.of();

        Node copy() {
            Node copy = new Node();
            copy.commands = commands;
            copy.subscriptions = subscriptions;
            copy.living = living;
            copy.arriving = arriving;
            copy.feed = feed;
            copy.seen = seen;
            copy.ended = ended;
            copy.unanswered = unanswered;
            return copy;
        }

        void describe(StringBuilder key) {
            key.append(commands).append(subscriptions).append(living ? 'l' : 'f');
            arriving.forEach(message -> append(key, message));
            append(key, feed);
            seen.forEach(
                    (epoch, offset) -> key.append('s').append(epoch).append(':').append(offset));
            ended.forEach(
                    (epoch, offset) -> key.append('e').append(epoch).append(':').append(offset));
            unanswered.forEach(message -> append(key, message));
        }
    }

    /** One client: where it stands, what it got, and what it cannot complain of since it was told. */
    static final class Client {
        int node;
        boolean connected = true;
        /** How often it came back; bounds the search. */
        int returns;

        Position position = new Position(1, 0);
        /** Since it was last told: from there on it begins anew. */
        List<Integer> got = List.of();

        Set<Integer> excused = Set.of();
        boolean told;
        /** Whether it was told because a living node could not be asked, or by one that still read the old primary. */
        boolean toldInDoubt;

        Client copy() {
            Client copy = new Client();
            copy.node = node;
            copy.connected = connected;
            copy.position = position;
            copy.got = got;
            copy.excused = excused;
            copy.told = told;
            copy.returns = returns;
            copy.toldInDoubt = toldInDoubt;
            return copy;
        }

        void describe(StringBuilder key) {
            key.append(node).append(connected ? 'c' : 'd').append(returns);
            append(key, position);
            got.forEach(publication -> key.append('g').append(publication));
            excused.forEach(publication -> key.append('x').append(publication));
            key.append(told ? 't' : '-').append(toldInDoubt ? 'd' : '-');
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
    }

    void promote() {
        promoted = true;
        generations[1] = 2;
    }

    /** The old primary becomes a replica; whoever talked to it is sent to the new one. */
    void heal() {
        healed = true;
        for (int i = 0; i < 2; i++) {
            nodes[i].unanswered = List.of();
            nodes[i].commands = 1;
            if (nodes[i].subscriptions == 0) {
                moveSubscriptions(i);
            }
        }
    }

    // Steps of the nodes

    void publish(int node) {
        Node from = nodes[node];
        int server = from.commands;
        meet(server);
        streams[server] = streams[server].append(++published);
        Message message = new Message(new Position(streams[server].epoch(), streams[server].top()), published);
        from.unanswered = plus(from.unanswered, message);
        push(server, message);
    }

    void answer(int node) {
        Node to = nodes[node];
        Message answer = to.unanswered.get(0);
        to.unanswered = List.of();
        Position position = answer.position();
        Integer boundary = to.ended.get(position.epoch());
        if (boundary != null && position.offset() > boundary && rules.contains(Rule.REFUSE_LATE_ACKNOWLEDGEMENTS)) {
            return;
        }
        acknowledged = plus(acknowledged, answer.publication());
        saw(to, position);
    }

    void loseAnswer(int node) {
        nodes[node].unanswered = List.of();
    }

    void arrive(int node) {
        Node at = nodes[node];
        Message message = at.arriving.get(0);
        at.arriving = List.copyOf(at.arriving.subList(1, at.arriving.size()));
        Position position = message.position();
        if (message.publication() != NO_PUBLICATION) {
            saw(at, position);
        }
        if (position.epoch() == at.feed.epoch() && position.offset() <= at.feed.offset() + 1) {
            hand(node, message);
        } else {
            resync(node);
        }
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

    void forget(int node) {
        nodes[node].living = false;
    }

    // Steps of the clients

    void leave(int client) {
        clients[client].connected = false;
    }

    /** Comes back by a node and asks for what it missed. */
    void recover(int client, int node) {
        Client who = clients[client];
        who.node = node;
        who.connected = true;
        who.returns++;
        int server = nodes[node].commands;
        meet(server);
        if (mayRecover(who, node, server)) {
            Stream stream = streams[server];
            for (int offset = who.position.offset() + 1; offset <= stream.top(); offset++) {
                who.got = plus(who.got, stream.kept().get(offset - 1));
            }
        } else {
            who.told = true;
            who.toldInDoubt |= promoted && server == 0;
            Set<Integer> excused = new TreeSet<>(who.excused);
            for (int publication = 1; publication <= published; publication++) {
                excused.add(publication);
            }
            who.excused = excused;
            who.got = List.of();
        }
        who.position = new Position(streams[server].epoch(), streams[server].top());
    }

    private boolean mayRecover(Client who, int node, int server) {
        Position since = who.position;
        if (since.epoch() == streams[server].epoch()) {
            return since.offset() <= streams[server].top();
        }
        int first = streams[server].indexOf(since.epoch());
        if (first < 0 || since.offset() > streams[server].pasts().get(first).boundary()) {
            return false;
        }
        if (!rules.contains(Rule.ASK_LIVING_NODES)) {
            return true;
        }
        for (int i = first; i < streams[server].pasts().size(); i++) {
            if (streams[server].pasts().get(i).seen() == UNSETTLED && !settle(node, server, i)) {
                who.toldInDoubt = true;
                return false;
            }
            if (!streams[server].pasts().get(i).clean()) {
                return false;
            }
        }
        return true;
    }

    /** Asks all living nodes; {@code false} if one of them does not answer. */
    private boolean settle(int asking, int server, int index) {
        Past past = streams[server].pasts().get(index);
        int seen = 0;
        for (int i = 0; i < 2; i++) {
            Node asked = nodes[i];
            boolean reached = i == asking || asked.subscriptions == nodes[asking].subscriptions;
            if (reached) {
                asked.ended = plus(asked.ended, past.epoch(), past.boundary());
                seen = Math.max(seen, asked.seen.getOrDefault(past.epoch(), 0));
            } else if (asked.living) {
                return false;
            }
        }
        Past settled = new Past(past.epoch(), past.boundary(), seen);
        streams[server] = streams[server].with(index, settled);
        if (!settled.clean()) {
            tellAll(server);
        }
        return true;
    }

    // Parts of steps

    /** What every script does first. */
    private void meet(int server) {
        Stream stream = streams[server];
        if (stream.generation() != generations[server] && rules.contains(Rule.NEW_EPOCH_WITH_GENERATION)) {
            streams[server] = stream.next(++epochs, generations[server], UNSETTLED);
        }
    }

    private void push(int server, Message message) {
        for (Node node : nodes) {
            if (node.subscriptions == server) {
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
        if (position.offset() == at.feed.offset() + 1) {
            at.feed = position;
        }
        for (Client client : clients) {
            if (client.node != node || !client.connected || message.publication() == NO_PUBLICATION) {
                continue;
            }
            if (client.position.epoch() != position.epoch() || position.offset() > client.position.offset() + 1) {
                client.connected = false;
            } else if (position.offset() == client.position.offset() + 1) {
                client.position = position;
                client.got = plus(client.got, message.publication());
            }
        }
    }

    /** Reads the stream from where the feed stands; hands on what is missing, or has the clients come back. */
    void resync(int node) {
        Node at = nodes[node];
        int server = at.subscriptions;
        meet(server);
        Stream stream = streams[server];
        if (stream.epoch() == at.feed.epoch() && stream.top() >= at.feed.offset()) {
            for (int offset = at.feed.offset() + 1; offset <= stream.top(); offset++) {
                Message missing = new Message(
                        new Position(stream.epoch(), offset), stream.kept().get(offset - 1));
                saw(at, missing.position());
                hand(node, missing);
            }
            return;
        }
        for (Past past : stream.pasts()) {
            at.ended = plus(at.ended, past.epoch(), past.boundary());
            report(node, past.epoch());
        }
        at.feed = new Position(streams[server].epoch(), streams[server].top());
        forEachClientOf(node, client -> client.connected = client.position.equals(at.feed) && client.connected);
    }

    /** Says at the node's server that more was seen of an ended epoch than was kept, if so. */
    private void report(int node, int epoch) {
        int seen = nodes[node].seen.getOrDefault(epoch, 0);
        int server = nodes[node].subscriptions;
        meet(server);
        int index = streams[server].indexOf(epoch);
        if (!rules.contains(Rule.REPORT_LATE) || index < 0) {
            return;
        }
        Past past = streams[server].pasts().get(index);
        if (seen > Math.max(past.boundary(), past.seen())) {
            streams[server] = streams[server].with(index, new Past(epoch, past.boundary(), seen));
            tellAll(server);
        }
    }

    /** Begins an epoch that nobody recovers into: whoever subscribed since the boundary may have missed what was lost, too. */
    private void tellAll(int server) {
        streams[server] = streams[server].next(++epochs, generations[server], LOST);
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

    /** Everything settles: the partition heals, what is on its way arrives, positions are compared, clients come back. */
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
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 2; i++) {
                while (!nodes[i].unanswered.isEmpty()) {
                    answer(i);
                }
                while (!nodes[i].arriving.isEmpty()) {
                    arrive(i);
                }
                resync(i);
            }
            for (int i = 0; i < 2; i++) {
                Stream stream = streams[nodes[clients[i].node].commands];
                if (!clients[i].connected || !clients[i].position.equals(new Position(stream.epoch(), stream.top()))) {
                    recover(i, clients[i].node);
                }
            }
        }
    }

    /** What was acknowledged and a client neither got nor was told of; empty is what the fence promises. */
    Set<Integer> silentLosses(int client) {
        Set<Integer> missing = new HashSet<>(acknowledged);
        missing.removeAll(clients[client].got);
        missing.removeAll(clients[client].excused);
        return missing;
    }

    /** Whether a client got a publication twice without having been told to begin anew. */
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
