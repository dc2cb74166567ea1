package dev.realtime.engine.redis;

/**
 * What broker, presence and control bus of one engine share.
 *
 * @param link way of commands
 * @param subscriptions way of messages
 * @param scripts runs scripts
 * @param streams scripts of streams
 * @param commands runs all other commands
 * @param seen how far this node saw the streams, by generation of Redis
 */
record RedisParts(
        RedisKeys keys,
        RedisLink link,
        SubscriptionManager subscriptions,
        RedisScripts scripts,
        StreamScripts streams,
        RedisCommands commands,
        Generations seen,
        RedisStatistics statistics,
        GarbageLog garbage) {}
