package dev.realtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.ReducedClassPath;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The application without the starter, with that for Spring MVC, and with that for both stacks: its type, server, beans
 * (executors and meters among them), mappings, filters, endpoints and threads are compared.
 */
class HostUnchangedIntegrationTests {

    private static final String OF_REACTIVE_STACK =
            "spring-webflux-.*|spring-boot-(starter-)?webflux-.*|spring-boot-(starter-)?reactor.*|reactor-netty-.*"
                    + "|spring-boot-netty-.*|spring-boot-http-codec-.*|netty-resolver-dns.*"
                    + "|netty-codec-(http|dns|haproxy|compression|socks).*"
                    + "|.*realtime-webflux.*";

    private static final String OF_ENGINES =
            "spring-data-redis-.*|spring-data-keyvalue-.*|lettuce-.*|redis-authx-.*|netty-.*|spring-messaging-.*";

    private static final Pattern WITHOUT_STARTER =
            Pattern.compile(OF_REACTIVE_STACK + "|" + OF_ENGINES + "|realtime-.*\\.jar|.*/realtime-[^/]*/target/.*");

    private static final Pattern WITHOUT_REACTIVE_STACK = Pattern.compile(OF_REACTIVE_STACK);

    /** Timer of Reactor, which limits the time of calls. */
    private static final String TIMER = "threads parallel-#";

    private static final Pattern COMPLETE = Pattern.compile("nothing");

    private static List<String> before;

    @BeforeAll
    static void describeTheApplication() throws Exception {
        before = describe(WITHOUT_STARTER);
    }

    @Test
    void reportSeesTheApplication() {
        assertThat(before)
                .anyMatch(line -> line.startsWith("bean applicationTaskExecutor "))
                .anyMatch(line -> line.startsWith("mapping requestMappingHandlerMapping {POST [/orders]"))
                .anyMatch(line -> line.startsWith("filter ") && line.contains("CsrfFilter"))
                .anyMatch(line -> line.startsWith("threads http-nio-auto-"))
                .contains("endpoint /actuator/health")
                .noneMatch(line -> line.contains("realtime") && !line.contains("dev.realtime.host."));
    }

    @Test
    void starterForSpringMvcAddsItsOwnBeansAlone() throws Exception {
        List<String> after = describe(WITHOUT_REACTIVE_STACK);

        assertThat(after).containsAll(before).anyMatch(line -> line.contains("realtimeWebSocketMapping"));
        assertThat(added(after)).allMatch(line -> line.contains("realtime") || line.equals(TIMER));
    }

    /** Spring Boot makes some beans for the reactive libraries that the starter brings. */
    @Test
    void starterForBothStacksKeepsTheTypeTheServerAndTheSecurity() throws Exception {
        List<String> after = describe(COMPLETE);

        assertThat(after).containsAll(before).anyMatch(line -> line.contains("realtimeWebSocketMapping"));
        assertThat(added(after))
                .filteredOn(line -> !line.contains("realtime") && !line.equals(TIMER))
                .allMatch(line -> line.startsWith("bean "));
    }

    private static List<String> added(List<String> after) {
        return after.stream().filter(line -> !before.contains(line)).toList();
    }

    private static List<String> describe(Pattern leftOut) throws Exception {
        return Arrays.asList(ReducedClassPath.call(
                leftOut,
                HostReport.class,
                "describe",
                "--" + Container.TOMCAT.property(),
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.config.location=optional:classpath:/none/"));
    }
}
