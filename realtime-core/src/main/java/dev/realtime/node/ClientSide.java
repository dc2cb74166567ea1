package dev.realtime.node;

import dev.realtime.channel.Namespaces;
import dev.realtime.command.ChannelPermissions;
import dev.realtime.command.ClientActions;
import dev.realtime.command.CommandHandlers;
import dev.realtime.command.ConnectCommandHandler;
import dev.realtime.command.EmptyCaches;
import dev.realtime.command.ErrorReplies;
import dev.realtime.command.OlderConnections;
import dev.realtime.command.ServerSideSubscriptions;
import dev.realtime.command.SubscribeFlows;
import dev.realtime.connection.ApplicationCalls;
import dev.realtime.connection.ChannelMembership;
import dev.realtime.connection.ClientConnections;
import dev.realtime.connection.ClientOptions;
import dev.realtime.connection.ConnectionAcceptor;
import dev.realtime.failure.LimitedLog;
import dev.realtime.hub.ChannelSubscribers;
import dev.realtime.hub.Hub;
import dev.realtime.loop.ConnectionLoops;
import dev.realtime.operation.ChannelOperations;
import dev.realtime.spi.engine.Engine;
import dev.realtime.statistics.NodeStatistics;

/**
 * The side of a node that clients see. Puts together what serves them, bottom up.
 *
 * @param acceptor makes connections
 * @param actions acts on connections from outside
 */
record ClientSide(ConnectionAcceptor acceptor, ClientActions actions) {

    static ClientSide of(
            RealtimeNodeBuilder parts,
            String nodeId,
            NodeTime time,
            Hub hub,
            ChannelSubscribers interest,
            ChannelOperations operations,
            ClientConnections clients,
            NodeStatistics statistics) {
        ClientOptions options = parts.clientOptions;
        Namespaces namespaces = parts.namespaces;
        Engine engine = parts.engine;
        LimitedLog log = new LimitedLog(time.nanoTime());
        ApplicationCalls calls =
                new ApplicationCalls(parts.callbacks, options.handlerTimeout(), time.scheduler(), time.nanoTime());
        ChannelMembership membership =
                new ChannelMembership(hub, interest, engine.broker(), engine.presenceManager(), calls, log);
        ErrorReplies errors = new ErrorReplies(namespaces, statistics, log);
        ChannelPermissions permissions = new ChannelPermissions(namespaces, calls, errors, options.insecure());
        SubscribeFlows flows = new SubscribeFlows(
                permissions,
                membership,
                engine.broker(),
                new EmptyCaches(calls, operations, log),
                options,
                statistics,
                time.clock(),
                errors);
        ConnectCommandHandler connect = new ConnectCommandHandler(
                options,
                parts.options.version(),
                nodeId,
                calls,
                clients,
                new OlderConnections(options, namespaces, engine.presenceManager(), engine.controlBus()),
                new ServerSideSubscriptions(options, namespaces, permissions, flows, errors),
                time.clock(),
                errors);
        CommandHandlers handlers =
                new CommandHandlers(connect, permissions, flows, operations, options, calls, time.clock(), errors);
        ConnectionLoops loops = new ConnectionLoops(
                engine.presenceManager(),
                options.limits().nodeQueueMaxBytes(),
                statistics,
                time.nanoTime(),
                time.random());
        ConnectionAcceptor acceptor = new ConnectionAcceptor(
                loops, handlers, parts.protocolLimits, options, membership, clients, calls, statistics, time.clock());
        return new ClientSide(acceptor, new ClientActions(clients, flows, options.channelLimit(), time.clock()));
    }
}
