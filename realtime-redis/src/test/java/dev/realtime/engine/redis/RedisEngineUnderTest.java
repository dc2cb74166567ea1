package dev.realtime.engine.redis;

import dev.realtime.engine.Engine;
import dev.realtime.engine.EngineUnderTest;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.UUID;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Two engines on a real Redis, under a prefix that nothing else uses. */
final class RedisEngineUnderTest implements EngineUnderTest {

    private final Scheduler scheduler = Schedulers.newSingle("engine");
    private final AbstractRedisClient client;
    private final RedisEngine engine;
    private final RedisEngine another;

    RedisEngineUnderTest(RedisTopology topology, String uri) {
        client = topology == RedisTopology.CLUSTER
                ? RedisClusterClient.create(RedisURI.create(uri))
                : RedisClient.create(RedisURI.create(uri));
        RedisEngineOptions d = RedisEngineOptions.of(topology);
        RedisEngineOptions options = new RedisEngineOptions(
                topology,
                UUID.randomUUID().toString(),
                d.partitions(),
                d.pubSub(),
                d.poolSize(),
                d.connectTimeout(),
                d.commandTimeout(),
                d.topologyRefreshInterval(),
                PRESENCE_TTL,
                d.probeInterval(),
                d.pingInterval(),
                d.pingTimeout(),
                d.heartbeatInterval(),
                d.nodeTimeout(),
                false,
                d.startTimeout());
        engine = engine(options);
        another = engine(options);
    }

    private RedisEngine engine(RedisEngineOptions options) {
        PlainTestLink link = new PlainTestLink(client);
        return new RedisEngine(options, scheduler, link, link, new RedisStatistics(), link.open(), link.close());
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public Engine another() {
        return another;
    }

    @Override
    public void pass(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdown(0, 1, java.util.concurrent.TimeUnit.SECONDS);
        scheduler.dispose();
    }
}
