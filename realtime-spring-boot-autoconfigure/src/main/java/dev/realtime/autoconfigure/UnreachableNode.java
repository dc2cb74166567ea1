package dev.realtime.autoconfigure;

import org.springframework.boot.web.context.reactive.ReactiveWebApplicationContext;
import org.springframework.context.ApplicationContext;

/**
 * A single node in an application without a reactive web server: no client can connect to it and no other node listens, so
 * whatever is published reaches nobody.
 */
final class UnreachableNode {

    private UnreachableNode() {}

    /** @throws InvalidRealtimePropertyException if the application has no reactive web server */
    static void refuse(ApplicationContext context) {
        if (context instanceof ReactiveWebApplicationContext) {
            return;
        }
        throw new InvalidRealtimePropertyException(
                "realtime.engine",
                "`realtime.engine` is `memory` but this application has no reactive web server, so no client could connect and"
                        + " nobody would receive what is published.",
                "Use spring-boot-starter-webflux without spring-boot-starter-webmvc, or set"
                        + " `spring.main.web-application-type=reactive` where both are wanted. To publish from here to nodes"
                        + " elsewhere, set `realtime.engine=redis`. To do without the server, for instance in a test, set"
                        + " `realtime.enabled=false`.");
    }
}
