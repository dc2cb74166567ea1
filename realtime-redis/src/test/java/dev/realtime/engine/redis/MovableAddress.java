package dev.realtime.engine.redis;

import dev.realtime.engine.redis.server.RedisServer;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DnsResolvers;
import io.lettuce.core.resource.MappingSocketAddressResolver;

/** A name of a server that leads to another server from some moment on. */
final class MovableAddress {

    private volatile RedisServer behind;

    MovableAddress(RedisServer first) {
        this.behind = first;
    }

    void moveTo(RedisServer next) {
        behind = next;
    }

    ClientResources.Builder use(ClientResources.Builder resources) {
        return resources.socketAddressResolver(MappingSocketAddressResolver.create(
                DnsResolvers.UNRESOLVED, address -> HostAndPort.of(RedisServer.HOST, behind.port())));
    }
}
