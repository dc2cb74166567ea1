package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import dev.realtime.autoconfigure.web.RealtimeWebSocketAutoConfiguration;
import dev.realtime.autoconfigure.webflux.RealtimeWebFluxAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Port of its own for clients, with {@code realtime.server.port}, in an application of any type. It is one bean: the
 * type, the web server, the filters and the mappings of the application remain as they are.
 */
@AutoConfiguration(
        after = {
            RealtimeAutoConfiguration.class,
            RealtimeWebSocketAutoConfiguration.class,
            RealtimeWebFluxAutoConfiguration.class
        })
@ConditionalOnNode
@Import({ReactorNettyServerConfiguration.class, MissingServerConfiguration.class})
public final class RealtimeServerAutoConfiguration {}
