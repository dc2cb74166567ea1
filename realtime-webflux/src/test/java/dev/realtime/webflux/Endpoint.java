package dev.realtime.webflux;

import dev.realtime.web.OriginRule;
import dev.realtime.web.WebSocketOptions;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The mapping as an application has it by default. */
final class Endpoint {

    private Endpoint() {}

    static RealtimeWebSocketMapping of(
            RealtimeWebSocketHandler handler, WebSocketOptions options, String... allowedOrigins) {
        return of(handler, options, () -> true, allowedOrigins);
    }

    static RealtimeWebSocketMapping of(
            RealtimeWebSocketHandler handler,
            WebSocketOptions options,
            BooleanSupplier admission,
            String... allowedOrigins) {
        return of(handler, options, admission, new HandshakeRefusals(refusal -> {}), allowedOrigins);
    }

    static RealtimeWebSocketMapping of(
            RealtimeWebSocketHandler handler,
            WebSocketOptions options,
            BooleanSupplier admission,
            HandshakeRefusals refusals,
            String... allowedOrigins) {
        return new RealtimeWebSocketMapping(
                RealtimeWebSocketMapping.DEFAULT_PATH,
                RealtimeWebSocketMapping.DEFAULT_ORDER,
                handler,
                new OriginRule(List.of(allowedOrigins)),
                admission,
                refusals,
                options);
    }
}
