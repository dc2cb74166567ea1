package dev.realtime.engine.redis.options;

import java.time.Duration;

/**
 * Settings of a Redis engine. {@link #of} has the defaults of {@code realtime.redis.*}; {@link #builder} and {@link
 * #toBuilder} change some of them.
 */
public final class RedisEngineOptions {

    private final RedisTopology topology;

    private final String prefix;

    private final int partitions;

    private final PubSubMode pubSub;

    private final int poolSize;

    private final Duration connectTimeout;

    private final Duration commandTimeout;

    private final Duration topologyRefreshInterval;

    private final Duration presenceTtl;

    private final Duration probeInterval;

    private final Duration pingInterval;

    private final Duration pingTimeout;

    private final Duration heartbeatInterval;

    private final Duration nodeTimeout;

    private final boolean waitForRedis;

    private final Duration startTimeout;

    private final String application;

    private final RedisReadFrom readFrom;

    private RedisEngineOptions(Builder builder) {
        this.topology = builder.topology;
        this.prefix = builder.prefix;
        this.partitions = builder.partitions;
        this.pubSub = builder.pubSub;
        this.poolSize = builder.poolSize;
        this.connectTimeout = builder.connectTimeout;
        this.commandTimeout = builder.commandTimeout;
        this.topologyRefreshInterval = builder.topologyRefreshInterval;
        this.presenceTtl = builder.presenceTtl;
        this.probeInterval = builder.probeInterval;
        this.pingInterval = builder.pingInterval;
        this.pingTimeout = builder.pingTimeout;
        this.heartbeatInterval = builder.heartbeatInterval;
        this.nodeTimeout = builder.nodeTimeout;
        this.waitForRedis = builder.waitForRedis;
        this.startTimeout = builder.startTimeout;
        this.application = builder.application;
        this.readFrom = builder.readFrom;
    }

    /** Returns the defaults of {@code realtime.redis.*}. */
    public static RedisEngineOptions of(RedisTopology topology) {
        return builder(topology).build();
    }

    /** Returns a builder that has the defaults of {@code realtime.redis.*}. */
    public static Builder builder(RedisTopology topology) {
        return new Builder(topology);
    }

    /** Returns a builder that has these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder(topology);
        builder.prefix = prefix;
        builder.partitions = partitions;
        builder.pubSub = pubSub;
        builder.poolSize = poolSize;
        builder.connectTimeout = connectTimeout;
        builder.commandTimeout = commandTimeout;
        builder.topologyRefreshInterval = topologyRefreshInterval;
        builder.presenceTtl = presenceTtl;
        builder.probeInterval = probeInterval;
        builder.pingInterval = pingInterval;
        builder.pingTimeout = pingTimeout;
        builder.heartbeatInterval = heartbeatInterval;
        builder.nodeTimeout = nodeTimeout;
        builder.waitForRedis = waitForRedis;
        builder.startTimeout = startTimeout;
        builder.application = application;
        builder.readFrom = readFrom;
        return builder;
    }

    /** Kind of Redis that the client leads to. */
    public RedisTopology topology() {
        return topology;
    }

    /** Prefix of every key and every name that is published under. */
    public String prefix() {
        return prefix;
    }

    /** Number of partitions that channels are spread over; fixed for a prefix. */
    public int partitions() {
        return partitions;
    }

    /** Commands of pub/sub. */
    public PubSubMode pubSub() {
        return pubSub;
    }

    /** Command connections per Redis node, at least 1; a partition always uses the same one. */
    public int poolSize() {
        return poolSize;
    }

    /** Longest time to open one connection: TCP, TLS and handshake. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** Longest time from the hand-over of a command to its reply. */
    public Duration commandTimeout() {
        return commandTimeout;
    }

    /** Interval at which the nodes of a cluster, or the primary that Sentinel knows, are read without a reason. */
    public Duration topologyRefreshInterval() {
        return topologyRefreshInterval;
    }

    /** Life of a presence entry that is not refreshed, in whole seconds. */
    public Duration presenceTtl() {
        return presenceTtl;
    }

    /** Interval at which the path of a publication to this node is checked end to end. */
    public Duration probeInterval() {
        return probeInterval;
    }

    /** Interval at which each pub/sub connection is checked. */
    public Duration pingInterval() {
        return pingInterval;
    }

    /** Longest time to the reply of a check, after which the connection is replaced. */
    public Duration pingTimeout() {
        return pingTimeout;
    }

    /** Interval of the heartbeat of this node. */
    public Duration heartbeatInterval() {
        return heartbeatInterval;
    }

    /** Time after which a node without a heartbeat counts as gone. */
    public Duration nodeTimeout() {
        return nodeTimeout;
    }

    /** Whether {@code start} completes without Redis and retries in the background, rather than fail. */
    public boolean waitForRedis() {
        return waitForRedis;
    }

    /** Time for which {@code start} tries to reach Redis before it fails. */
    public Duration startTimeout() {
        return startTimeout;
    }

    /**
     * Name of the application that this node belongs to; empty for none. Nodes of different applications that meet
     * are reported.
     */
    public String application() {
        return application;
    }

    /** Servers that explicit reads of history and presence use. */
    public RedisReadFrom readFrom() {
        return readFrom;
    }

    /** Changes settings, each as the method of the same name of {@link RedisEngineOptions} describes. */
    public static final class Builder {

        private final RedisTopology topology;

        private String prefix = "realtime";

        private int partitions = 128;

        private PubSubMode pubSub = PubSubMode.AUTO;

        private int poolSize = 1;

        private Duration connectTimeout = Duration.ofSeconds(1);

        private Duration commandTimeout = Duration.ofSeconds(1);

        private Duration topologyRefreshInterval = Duration.ofSeconds(15);

        private Duration presenceTtl = Duration.ofSeconds(60);

        private Duration probeInterval = Duration.ofSeconds(5);

        private Duration pingInterval = Duration.ofSeconds(1);

        private Duration pingTimeout = Duration.ofSeconds(2);

        private Duration heartbeatInterval = Duration.ofSeconds(3);

        private Duration nodeTimeout = Duration.ofSeconds(10);

        private boolean waitForRedis = false;

        private Duration startTimeout = Duration.ofSeconds(10);

        private String application = "";

        private RedisReadFrom readFrom = RedisReadFrom.PRIMARY;

        private Builder(RedisTopology topology) {
            this.topology = topology;
        }

        public Builder prefix(String value) {
            prefix = value;
            return this;
        }

        public Builder partitions(int value) {
            partitions = value;
            return this;
        }

        public Builder pubSub(PubSubMode value) {
            pubSub = value;
            return this;
        }

        public Builder poolSize(int value) {
            poolSize = value;
            return this;
        }

        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        public Builder commandTimeout(Duration value) {
            commandTimeout = value;
            return this;
        }

        public Builder topologyRefreshInterval(Duration value) {
            topologyRefreshInterval = value;
            return this;
        }

        public Builder presenceTtl(Duration value) {
            presenceTtl = value;
            return this;
        }

        public Builder probeInterval(Duration value) {
            probeInterval = value;
            return this;
        }

        public Builder pingInterval(Duration value) {
            pingInterval = value;
            return this;
        }

        public Builder pingTimeout(Duration value) {
            pingTimeout = value;
            return this;
        }

        public Builder heartbeatInterval(Duration value) {
            heartbeatInterval = value;
            return this;
        }

        public Builder nodeTimeout(Duration value) {
            nodeTimeout = value;
            return this;
        }

        public Builder waitForRedis(boolean value) {
            waitForRedis = value;
            return this;
        }

        public Builder startTimeout(Duration value) {
            startTimeout = value;
            return this;
        }

        public Builder application(String value) {
            application = value;
            return this;
        }

        public Builder readFrom(RedisReadFrom value) {
            readFrom = value;
            return this;
        }

        public RedisEngineOptions build() {
            return new RedisEngineOptions(this);
        }
    }
}
