package dev.realtime.node;

import static dev.realtime.channel.ChannelFixtures.ANYONE;
import static dev.realtime.channel.ChannelFixtures.keeping;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.api.channel.Channel;
import dev.realtime.api.client.ClientIdentity;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.Payload;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.failure.GuardedExecutors;
import dev.realtime.failure.Place;
import dev.realtime.spi.auth.ChannelAuthorizer;
import dev.realtime.spi.auth.SubscriptionGrant;
import dev.realtime.spi.engine.OccupancyListener;
import dev.realtime.spi.engine.ScriptedEngine;
import dev.realtime.spi.hook.ClientHooks;
import dev.realtime.spi.hook.LifecycleHook;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.spi.transport.BufferLeaks;
import dev.realtime.spi.transport.ScriptedTransport.Call;
import dev.realtime.spi.transport.TrackingAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Something is thrown at every place where the server calls foreign code, allocates for many, or runs a task:
 * afterwards everyone but the client concerned is served as if nothing had happened.
 */
@ExtendWith(BufferLeaks.class)
class FailureContainmentTests {

    private static final List<String> CHANNELS = List.of("pos:a", "pos:b", "plain:c");

    private static final int CLIENTS = 20;

    private static final Pattern PUBLICATION = Pattern.compile("'channel':'([^']+)','pub':\\{'data':'([^']+)'");

    private final Logger log = (Logger) LoggerFactory.getLogger("dev.realtime");

    private final @Nullable Level levelBefore = log.getLevel();

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    private final Fault fault = new Fault();

    private final TrackingAllocator allocator = new TrackingAllocator();

    private final ScriptedServer server = ScriptedServer.setup()
            .client(options -> options.allowAnonymousConnectWithoutToken(true))
            .tokensAreUsers()
            .namespace(
                    "pos",
                    options -> options.subscribeAccess(ANYONE)
                            .history(keeping(100, Duration.ofHours(1)))
                            .forceRecovery(true)
                            .forcePositioning(true)
                            .presence(true)
                            .joinLeave(true))
            .namespace("plain", options -> options.subscribeAccess(ANYONE))
            .namespace("asked", options -> options)
            .authorizer(new FailingAuthorizer())
            .rpc((client, method, data) ->
                    method.equals("wait") ? Sinks.<Payload>one().asMono() : Mono.just(Payload.ofText("1")))
            .hooks(new NodeHooks(
                    new ClientHooks((client, channel, data) -> Mono.empty(), null, new FailingHook()),
                    new ImmediateTransactions(),
                    new FailingOccupancy()))
            .allocator(allocator)
            .start();

    private final List<ScriptedClient> clients = new ArrayList<>();

    /** What each client heard since the failure. */
    private final Map<ScriptedClient, List<String>> heard = new LinkedHashMap<>();

    private ScriptedClient victim;

    static Stream<Arguments> failures() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(
                                new OutOfMemoryError("Direct buffer memory"),
                                new StackOverflowError("on purpose"),
                                new NoClassDefFoundError("on/Purpose"),
                                new AssertionError("on purpose"),
                                new IllegalStateException("on purpose"))
                        .map(failure -> Arguments.of(place, failure)));
    }

    @BeforeEach
    void connectEveryone() {
        for (int i = 0; i < CLIENTS; i++) {
            ScriptedClient client = server.client().connected("u" + i);
            CHANNELS.forEach(client::subscribed);
            clients.add(client);
        }
        victim = clients.get(7);
        clients.forEach(ScriptedClient::take);
        logged.start();
        log.addAppender(logged);
        log.setLevel(Level.DEBUG);
        log.setAdditive(false);
    }

    @AfterEach
    void close() {
        log.setAdditive(true);
        log.setLevel(levelBefore);
        log.detachAppender(logged);
        server.close();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("failures")
    void failureStaysWhereItHappens(Place place, Throwable failure) {
        fault.failure = failure;

        provoke(place);

        assertThat(fault.struck).as("thrown").isTrue();
        assertThat(events(failure)).as("log events about it").hasSize(1);
        List<ScriptedClient> others = new ArrayList<>(clients);
        others.remove(victim);
        clients.forEach(client -> hear(client).clear());
        everyFurtherPublicationArrivesInOrder(others);
        int pings = pings(others.get(0));
        live(Duration.ofSeconds(90));
        assertThat(pings(others.get(0)) - pings).as("pings in 90 s").isBetween(3, 4);
        assertThat(others).allSatisfy(client -> assertThat(client.closedWith()).isNull());
        victim.drop();
        live(Duration.ofSeconds(1));
        assertThat(server.await(server.node().presence().stats("pos:a")).clients())
                .as("present once the entry of the victim is removed or expired")
                .isEqualTo(others.size());
        everyFurtherPublicationArrivesInOrder(others);
        newcomerCanSubscribe(others);
        assertThat(events(failure)).as("log events about it").hasSize(1);
        assertThat(allocator.held()).as("buffers held").isEmpty();
        server.engine().present().removeIf(entry -> entry.endsWith(victim.id()));
    }

    /** A place without a case does not compile. */
    private void provoke(Place place) {
        switch (place) {
            case DELIVERY -> failing(Call.WRITE, () -> server.publish("plain:c", "x"));
            case ENCODING -> {
                allocator.beforeAllocation(fault::strike);
                fault.arm();
                server.publish("plain:c", "x");
            }
            case JOINING -> {
                allocator.beforeAllocation(fault::strike);
                server.node().publisher().publish("plain:c", "x").subscribe();
                server.node().publisher().publish("plain:c", "y").subscribe();
                fault.arm();
                server.run();
                assertThat(clients)
                        .allSatisfy(client ->
                                assertThat(publications(client, "plain:c")).containsExactly("x", "y"));
            }
            case FAN_OUT -> {
                server.executor().beforeExecute(fault::strike);
                fault.arm();
                server.publish("plain:c", "x");
            }
            case ACCEPT -> {
                server.executor().beforeTicker(fault::strike);
                fault.arm();
                // The clock is read first.
                fault.spared = 1;
                victim = server.client();
                assertThat(victim.closedWith()).isEqualTo(Disconnect.SERVER_ERROR);
            }
            case COMMAND -> failing(Call.PAUSE, () -> rpc("wait"));
            case ANSWER -> failing(Call.WRITE, () -> rpc("now"));
            case QUESTION -> {
                fault.arm();
                assertThat(victim.ask("{'id':9,'publish':{'channel':'asked:x','data':1}}"))
                        .singleElement()
                        .asString()
                        .contains("'error'");
                assertThat(victim.ask("{'id':10,'rpc':{'method':'now'}}")).hasSize(1);
            }
            case CONTROL ->
                failing(
                        Call.DESCRIBE,
                        () -> server.await(
                                server.node().clients().connections("u7").then()));
            case TIMER -> failing(Call.WRITE, () -> live(Duration.ofSeconds(26)));
            case FLUSH -> failing(Call.FLUSH, () -> rpc("now"));
            case QUEUE_CHECK -> {
                victim.transport().stuck(true);
                server.publish("plain:c", "x");
                victim.transport().beforeCall(call -> strikeAt(call, Call.QUEUED_BYTES));
                fault.arm();
                server.pass(Duration.ofMillis(100));
                victim.transport().stuck(false);
            }
            case CLOSE ->
                failing(Call.CLOSE, () -> server.await(server.node().clients().disconnect("u7")));
            case CLEAN_UP -> {
                rpc("wait");
                failing(Call.RESUME, () -> server.await(server.node().clients().disconnect("u7")));
                assertThat(victim.closedWith()).isEqualTo(Disconnect.FORCE_DISCONNECT);
            }
            case LIFECYCLE_HOOK -> {
                fault.arm();
                victim.drop();
            }
            case FEED -> {
                fault.arm();
                victim.subscribed("asked:feed");
                assertThat(victim.closedWith()).isEqualTo(Disconnect.SERVER_ERROR);
            }
            case JOIN -> failing(ScriptedEngine.Call.JOIN, () -> victim.subscribed("pos:new"));
            case LEAVE -> failing(ScriptedEngine.Call.LEAVE, () -> victim.drop());
            case PRESENCE_REMOVAL -> failing(ScriptedEngine.Call.REMOVE_PRESENCE, () -> victim.drop());
            case PRESENCE_REFRESH -> failing(ScriptedEngine.Call.REFRESH_PRESENCE, () -> live(Duration.ofSeconds(27)));
            case ENGINE_SUBSCRIBE ->
                failing(ScriptedEngine.Call.SUBSCRIBE, () -> {
                    assertThat(victim.ask("{'id':9,'subscribe':{'channel':'plain:new'}}"))
                            .containsExactly(
                                    "{'id':9,'error':{'code':100,'message':'internal server error','temporary':true}}");
                    victim.subscribed("plain:new");
                    assertThat(server.engine().subscribed()).contains("plain:new");
                });
            case ENGINE_UNSUBSCRIBE -> {
                victim.subscribed("plain:new");
                failing(
                        ScriptedEngine.Call.UNSUBSCRIBE,
                        () -> victim.tell("{'id':9,'unsubscribe':{'channel':'plain:new'}}"));
                victim.subscribed("plain:new").tell("{'id':9,'unsubscribe':{'channel':'plain:new'}}");
            }
            case ENGINE_SUBSCRIBED -> {
                ScriptedEngine engine = new ScriptedEngine(new MemoryEngine(Duration.ofMinutes(1), server.scheduler()));
                engine.hold(ScriptedEngine.Call.SUBSCRIBE);
                BrokerSubscriptions subscriptions =
                        new BrokerSubscriptions(engine.broker(), channel -> false, channel -> {});
                AtomicBoolean confirmed = new AtomicBoolean();
                fault.arm();
                subscriptions.confirmed("x").subscribe(new FailingSubscriber());
                subscriptions.confirmed("x").subscribe(nothing -> {}, error -> {}, () -> confirmed.set(true));
                engine.release(ScriptedEngine.Call.SUBSCRIBE);
                assertThat(confirmed).isTrue();
            }
            case AFTER_COMMIT ->
                failing(
                        ScriptedEngine.Call.PUBLISH,
                        () -> server.await(server.node().publisher().publishAfterCommit("plain:c", "x")));
            case OCCUPANCY -> {
                fault.arm();
                victim.subscribed("plain:occupied");
            }
            case SWEEP -> {
                server.beforeEngineClock(fault::strike);
                fault.arm();
                live(Duration.ofSeconds(2));
            }
            case POSITION_CHECK -> {
                fault.arm();
                server.engine().disturb(new FailingList());
            }
            case STATISTICS -> {
                server.node().statistics().whenDelivered(lag -> fault.strike());
                fault.arm();
                server.publish("plain:c", "x");
            }
            case EXECUTOR_TASK -> {
                GuardedExecutors executors = new GuardedExecutors(1, new DefaultThreadFactory("guarded", true));
                EventExecutor executor = executors.next();
                fault.arm();
                executor.execute(fault::strike);
                assertThat(executor.submit(() -> "alive").syncUninterruptibly().getNow())
                        .isEqualTo("alive");
                executors.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
            }
        }
    }

    private void rpc(String method) {
        victim.tell("{'id':9,'rpc':{'method':'" + method + "'}}");
    }

    private void failing(Call call, Runnable action) {
        victim.transport().beforeCall(each -> strikeAt(each, call));
        fault.arm();
        action.run();
    }

    private void failing(ScriptedEngine.Call call, Runnable action) {
        server.engine().beforeCall(each -> strikeAt(each, call));
        fault.arm();
        action.run();
    }

    private void strikeAt(Object called, Object wanted) {
        if (called == wanted) {
            fault.strike();
        }
    }

    // ---- Life afterwards

    private void everyFurtherPublicationArrivesInOrder(List<ScriptedClient> others) {
        others.forEach(client -> hear(client).clear());
        List<String> further = List.of("1", "2", "3", "4", "5");
        for (String data : further) {
            CHANNELS.forEach(channel -> server.publish(channel, data));
        }
        for (String channel : CHANNELS) {
            assertThat(others)
                    .allSatisfy(
                            client -> assertThat(publications(client, channel)).isEqualTo(further));
        }
    }

    private void newcomerCanSubscribe(List<ScriptedClient> others) {
        ScriptedClient newcomer = server.client().connected("late");
        CHANNELS.forEach(newcomer::subscribed);
        newcomer.subscribed("plain:new").subscribed("pos:other");
        assertThat(server.engine().subscribed()).contains("plain:new", "pos:other");
        everyFurtherPublicationArrivesInOrder(List.of(others.get(0), newcomer));
    }

    /** Lets time pass, in which all clients answer their pings. */
    private void live(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            server.passSeconds(1);
            for (ScriptedClient client : clients) {
                int before = hear(client).size();
                for (String message : hear(client).subList(0, before)) {
                    if (message.equals("{}")) {
                        client.tell("{}");
                    }
                }
                hear(client).replaceAll(message -> message.equals("{}") ? "ping" : message);
            }
        }
    }

    private int pings(ScriptedClient client) {
        return (int) hear(client).stream().filter("ping"::equals).count();
    }

    private List<String> publications(ScriptedClient client, String channel) {
        List<String> data = new ArrayList<>();
        for (String message : hear(client)) {
            Matcher publication = PUBLICATION.matcher(message);
            if (publication.find() && publication.group(1).equals(channel)) {
                data.add(publication.group(2));
            }
        }
        return data;
    }

    private List<String> hear(ScriptedClient client) {
        List<String> all = heard.computeIfAbsent(client, any -> new ArrayList<>());
        all.addAll(client.heard());
        return all;
    }

    private List<String> events(Throwable failure) {
        return logged.list.stream()
                .filter(event -> carries(event.getThrowableProxy(), failure)
                        || event.getFormattedMessage().contains(failure.toString()))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private static boolean carries(@Nullable IThrowableProxy thrown, Throwable failure) {
        return thrown != null
                && (((ThrowableProxy) thrown).getThrowable() == failure || carries(thrown.getCause(), failure));
    }

    /** Thrown once, when it is armed. */
    private static final class Fault {

        private Throwable failure = new AssertionError();

        private boolean armed;

        private boolean struck;

        private int spared;

        void arm() {
            armed = true;
        }

        void strike() {
            if (armed && spared-- <= 0) {
                armed = false;
                struck = true;
                Fault.<RuntimeException>raise(failure);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void raise(Throwable failure) throws T {
            throw (T) failure;
        }
    }

    private final class FailingAuthorizer implements ChannelAuthorizer {

        @Override
        public Mono<SubscriptionGrant> authorizeSubscribe(
                ClientIdentity client, Channel channel, @Nullable Payload data) {
            if (!channel.name().equals("asked:feed")) {
                return Mono.empty();
            }
            return Mono.just(SubscriptionGrant.PLAIN.withFeed(subscriber -> subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long count) {
                    fault.strike();
                }

                @Override
                public void cancel() {}
            })));
        }

        @Override
        public Mono<Boolean> authorizePublish(ClientIdentity client, Channel channel, Payload data) {
            fault.strike();
            return Mono.empty();
        }
    }

    private final class FailingSubscriber implements CoreSubscriber<Void> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {
            fault.strike();
        }
    }

    private final class FailingHook implements LifecycleHook {

        @Override
        public void unsubscribed(ClientIdentity client, Channel channel, Unsubscribe unsubscribe) {
            if (client.userId().equals("u7")) {
                fault.strike();
            }
        }
    }

    private final class FailingOccupancy implements OccupancyListener {

        @Override
        public void onOccupied(String channel) {
            if (channel.equals("plain:occupied")) {
                fault.strike();
            }
        }

        @Override
        public void onVacated(String channel) {}
    }

    private static final class ImmediateTransactions implements TransactionHook {

        @Override
        public Mono<Void> afterCommit(Runnable action) {
            return Mono.fromRunnable(action);
        }

        @Override
        public void publishFailed(String channel, Throwable failure) {}
    }

    private final class FailingList extends AbstractList<String> implements Collection<String> {

        @Override
        public String get(int index) {
            fault.strike();
            return "pos:a";
        }

        @Override
        public int size() {
            return 1;
        }
    }
}
