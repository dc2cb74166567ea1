package dev.realtime.webmvc;

import dev.realtime.web.OriginRule;
import dev.realtime.web.RefusalLog;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The mapping as an application has it by default. */
final class Endpoint {

    private Endpoint() {}

    static RealtimeWebSocketMapping of(RealtimeWebSocketHandler handler, String... allowedOrigins) {
        return of(handler, () -> true, allowedOrigins);
    }

    static RealtimeWebSocketMapping of(
            RealtimeWebSocketHandler handler, BooleanSupplier admission, String... allowedOrigins) {
        return new RealtimeWebSocketMapping(
                RealtimeWebSocketMapping.DEFAULT_PATH,
                EndpointMapping.DEFAULT_ORDER,
                handler,
                new OriginRule(List.of(allowedOrigins)),
                admission,
                new RefusalLog(refusal -> {}));
    }
}
