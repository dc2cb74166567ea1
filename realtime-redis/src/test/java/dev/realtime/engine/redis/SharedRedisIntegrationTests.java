package dev.realtime.engine.redis;

import static dev.realtime.engine.redis.StartedEngine.eventually;
import static dev.realtime.engine.redis.StartedEngine.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.api.client.Disconnect;
import dev.realtime.engine.redis.control.NodeRegistry;
import dev.realtime.engine.redis.key.Partitions;
import dev.realtime.engine.redis.key.RedisKeys;
import dev.realtime.engine.redis.options.LettuceOptions;
import dev.realtime.engine.redis.options.PubSubMode;
import dev.realtime.engine.redis.options.RedisAddresses;
import dev.realtime.engine.redis.options.RedisAddresses.Source;
import dev.realtime.engine.redis.options.RedisEngineOptions;
import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisExtension;
import dev.realtime.engine.redis.server.RedisServer;
import dev.realtime.engine.redis.start.RedisStartException;
import dev.realtime.spi.engine.ClientSelector;
import dev.realtime.spi.engine.ControlCommand;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Nodes with different settings on one Redis: kept apart, refused, or reported. */
class SharedRedisIntegrationTests {

    private static final String CHANNEL = "chat:room";

    @RegisterExtension
    static final RedisExtension<RedisServer> redis = RedisExtension.standalone();

    private final String prefix = "shared-" + UUID.randomUUID();

    private final Scheduler scheduler = Schedulers.newSingle("shared-redis");

    private final List<RedisClient> clients = new ArrayList<>();

    private final List<RedisEngine> engines = new ArrayList<>();

    @AfterEach
    void stop() {
        engines.forEach(engine -> get(engine.stop()));
        clients.forEach(client -> client.shutdown(0, 2, TimeUnit.SECONDS));
        scheduler.dispose();
    }

    private RedisEngine engine(PubSubMode mode, int partitions, int database, String application) {
        RedisURI uri = RedisURI.create(redis.get().uri());
        uri.setDatabase(database);
        RedisEngineOptions defaults = RedisEngineOptions.of(RedisTopology.STANDALONE);
        RedisEngineOptions options = RedisEngineOptions.builder(RedisTopology.STANDALONE)
                .prefix(prefix)
                .partitions(partitions)
                .pubSub(mode)
                .connectTimeout(defaults.connectTimeout().multipliedBy(10))
                .commandTimeout(defaults.commandTimeout().multipliedBy(5))
                .pingTimeout(defaults.pingTimeout().multipliedBy(3))
                .application(application)
                .build();
        RedisClient client = RedisClient.create(uri);
        client.setOptions(LettuceOptions.of(options, SslOptions.create()));
        clients.add(client);
        RedisEngine engine = new RedisEngine(
                client,
                options,
                new RedisAddresses(Source.PROPERTIES, RedisTopology.STANDALONE, List.of(uri)),
                scheduler);
        engines.add(engine);
        return engine;
    }

    private StartedEngine started(PubSubMode mode, String node) {
        return new StartedEngine(engine(mode, 128, 0, ""), node);
    }

    private String layout() {
        return new String(new RedisKeys(prefix, new Partitions(128)).layout(), StandardCharsets.UTF_8);
    }

    @Test
    void nodeWithAnotherPubSubModeIsRefused() {
        started(PubSubMode.PLAIN, "first");

        assertThatThrownBy(() -> started(PubSubMode.SHARDED, "second"))
                .isInstanceOf(RedisStartException.class)
                .hasMessageContaining("publishes and subscribes in sharded mode (`realtime.redis.pubsub`)")
                .hasMessageContaining("`realtime.redis.prefix=" + prefix + "` use plain mode")
                .hasMessageContaining("set it to `plain`");
    }

    @Test
    void autoFollowsTheModeOfTheOthers() {
        StartedEngine first = started(PubSubMode.SHARDED, "first");
        StartedEngine second = started(PubSubMode.AUTO, "second");

        assertThat(second.engine.status().sharded()).isTrue();
        second.subscribe(CHANNEL);
        first.publish(CHANNEL, "1");
        eventually(() -> assertThat(second.listener.texts(CHANNEL)).containsExactly("1"));
    }

    @Test
    void firstNodeNotesItsMode() {
        started(PubSubMode.AUTO, "first");

        assertThat(redis.get().text("HGET", layout(), "pubsub")).isEqualTo("plain");
    }

    @Test
    void layoutThatRedisLostIsNotedAgain() {
        StartedEngine node = started(PubSubMode.AUTO, "first");
        redis.get().execute("DEL", layout());

        eventually(() ->
                assertThat(redis.get().text("HGET", layout(), "partitions")).isEqualTo("128"));
        eventually(() -> assertThat(node.engine.status().problem()).isNull());
    }

    @Test
    void nodeThatIsLaidOutInAnotherWayThanAnotherWasIsReportedByHealth() {
        StartedEngine node = started(PubSubMode.AUTO, "first");
        // As where Redis lost everything, and a node with other settings was first to start again.
        redis.get().execute("HSET", layout(), "partitions", "64");

        eventually(() -> assertThat(node.engine.status().problem())
                .contains("`realtime.redis.partitions` is 128")
                .contains("in 64 partitions"));
        assertThat(node.engine.isUp()).isFalse();

        redis.get().execute("HSET", layout(), "partitions", "128");
        eventually(() -> assertThat(node.engine.isUp()).isTrue());
    }

    @Test
    void applicationsInDifferentDatabasesDoNotHearEachOther() {
        StartedEngine zero = new StartedEngine(engine(PubSubMode.AUTO, 128, 0, ""), "zero");
        StartedEngine three = new StartedEngine(engine(PubSubMode.AUTO, 128, 3, ""), "three");
        StartedEngine alsoThree = new StartedEngine(engine(PubSubMode.AUTO, 128, 3, ""), "also three");
        zero.subscribe(CHANNEL);
        alsoThree.subscribe(CHANNEL);
        ControlCommand command =
                new ControlCommand.DisconnectClients(ClientSelector.user("42"), Disconnect.FORCE_DISCONNECT);

        three.publish(CHANNEL, "1");
        get(three.engine.controlBus().broadcast(command));

        eventually(() -> assertThat(alsoThree.listener.texts(CHANNEL)).containsExactly("1"));
        eventually(() -> assertThat(alsoThree.node.commands()).containsExactly(command));
        // What it publishes itself comes behind anything that it could have heard.
        zero.publish(CHANNEL, "own");
        eventually(() -> assertThat(zero.listener.texts(CHANNEL)).contains("own"));
        assertThat(zero.listener.texts(CHANNEL)).containsExactly("own");
        assertThat(zero.node.commands()).isEmpty();
        assertThat(get(zero.engine.controlBus().nodes())).containsExactly(zero.node.describe());
    }

    @Test
    void applicationsThatMeetAreReportedOnce() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(NodeRegistry.class);
        logger.addAppender(log);
        try {
            new StartedEngine(engine(PubSubMode.AUTO, 128, 0, "shop"), "first");
            StartedEngine second = new StartedEngine(engine(PubSubMode.AUTO, 128, 0, "game"), "second");
            get(second.engine.controlBus().nodes());
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage())
                .contains("'game' and 'shop'")
                .contains("`realtime.redis.prefix=" + prefix + "`");
    }
}
