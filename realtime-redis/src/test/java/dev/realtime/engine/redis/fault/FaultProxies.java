package dev.realtime.engine.redis.fault;

import dev.realtime.engine.redis.server.FaultProxy;
import io.lettuce.core.internal.HostAndPort;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy in front of each server that one client talks to, made when it first wants to. */
final class FaultProxies implements AutoCloseable {

    private final Map<Integer, FaultProxy> proxies = new ConcurrentHashMap<>();

    /** Where the client has to connect instead. */
    HostAndPort inFrontOf(HostAndPort server) {
        FaultProxy proxy = proxies.computeIfAbsent(server.getPort(), FaultProxy::toPort);
        return HostAndPort.of(server.getHostText(), proxy.port());
    }

    /** Those made so far. */
    Collection<FaultProxy> all() {
        return proxies.values();
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
    }
}
