package dev.realtime.connection;

import dev.realtime.api.client.Disconnect;
import dev.realtime.limit.ClientLimits;
import dev.realtime.limit.CommandRates;
import dev.realtime.limit.TokenBucket;
import dev.realtime.loop.TimerWheel;
import dev.realtime.protocol.Command;
import dev.realtime.protocol.MalformedFrameException;
import dev.realtime.protocol.Request;
import dev.realtime.statistics.NodeStatistics;
import dev.realtime.statistics.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * Rules for the commands of one client, applied before a command reaches its handler: connect comes first and only
 * once, a pong follows a ping, and commands and errors stay within their rates. A client that breaks a rule is
 * disconnected. Used on the executor of the connection only.
 */
final class CommandAdmission {

    /** Way on of a command that is admitted, and the end of a client that breaks a rule. */
    interface Target {

        void handle(long id, Request request);

        void overRate(long id, Request request, ReachedLimit limit);

        void close(Disconnect disconnect, String why);
    }

    private final Target target;

    private final ClientTimers timers;

    private final NodeStatistics statistics;

    private final TimerWheel wheel;

    /** {@code null} where commands have no rates. */
    private final @Nullable CommandRates rates;

    /** {@code null} where errors have no rate. */
    private final @Nullable TokenBucket errors;

    /** Whether a connect command was accepted for processing; a second one is malformed. */
    private boolean connecting;

    CommandAdmission(
            Target target, ClientTimers timers, ClientLimits limits, NodeStatistics statistics, TimerWheel wheel) {
        this.target = target;
        this.timers = timers;
        this.statistics = statistics;
        this.wheel = wheel;
        this.rates = limits.limitsCommands() ? new CommandRates(limits, wheel.nowNanos()) : null;
        this.errors = limits.errorRate() == null ? null : new TokenBucket(limits.errorRate(), wheel.nowNanos());
    }

    /** Returns whether a connect command was accepted for processing. */
    boolean isConnecting() {
        return connecting;
    }

    void handle(Command command) {
        if (command.isPong()) {
            if (!timers.pongArrived()) {
                target.close(Disconnect.BAD_REQUEST, "a pong came without a ping");
            }
            return;
        }
        Request request = command.request();
        if (request == null) {
            target.close(Disconnect.BAD_REQUEST, "a command named no known request");
        } else if (connecting == (request instanceof Request.Connect)) {
            target.close(Disconnect.BAD_REQUEST, connecting ? "a second connect" : "a command before connect");
        } else if (!connecting) {
            connecting = true;
            timers.connectArrived();
            target.handle(command.id(), request);
        } else {
            handleWithinRates(command.id(), request);
        }
    }

    private void handleWithinRates(long id, Request request) {
        ReachedLimit limit = rates == null ? null : rates.refusalOf(request, wheel.nowNanos());
        if (limit == null) {
            target.handle(id, request);
        } else {
            target.overRate(id, request, limit);
        }
    }

    void malformed(MalformedFrameException e) {
        if (e.disconnect().equals(Disconnect.TOO_MANY_REQUESTS)) {
            statistics.refused(ReachedLimit.FRAME_COMMANDS, "");
        }
        target.close(e.disconnect(), e.getMessage());
    }

    /** Counts a command that failed; a client whose commands fail too often is disconnected. */
    void failed() {
        statistics.errorReplied();
        if (errors != null && !errors.take(wheel.nowNanos())) {
            statistics.refused(ReachedLimit.ERROR_RATE, "");
            target.close(Disconnect.TOO_MANY_ERRORS, "commands failed more often than allowed");
        }
    }
}
