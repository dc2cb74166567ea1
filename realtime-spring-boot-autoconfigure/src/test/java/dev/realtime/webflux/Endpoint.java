package dev.realtime.webflux;

import java.util.List;

/** The mapping as an application has it by default. */
final class Endpoint {

    private Endpoint() {}

    static RealtimeWebSocketMapping of(
            RealtimeWebSocketHandler handler, WebSocketOptions options, String... allowedOrigins) {
        return new RealtimeWebSocketMapping(
                RealtimeWebSocketMapping.DEFAULT_PATH,
                RealtimeWebSocketMapping.DEFAULT_ORDER,
                handler,
                new OriginRule(List.of(allowedOrigins)),
                options);
    }
}
