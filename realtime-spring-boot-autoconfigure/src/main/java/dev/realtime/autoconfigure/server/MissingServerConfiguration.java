package dev.realtime.autoconfigure.server;

import dev.realtime.autoconfigure.ConfigurationCheck;
import dev.realtime.autoconfigure.choice.ConditionalOnChoice;
import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.web.RealtimeServerProperties;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/** Failure that names the missing libraries where a port is wanted and there is no server for it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(name = "realtimeServer")
@ConditionalOnChoice(RunTimeChoice.MISSING_SERVER)
class MissingServerConfiguration {

    /** Libraries by a class of each. */
    private static final Map<String, String> LIBRARIES = new LinkedHashMap<>();

    static {
        LIBRARIES.put("dev.realtime.webflux.RealtimeWebSocketHandler", "dev.realtime:realtime-webflux");
        LIBRARIES.put(
                "org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory",
                "org.springframework.boot:spring-boot-reactor-netty");
        LIBRARIES.put("reactor.netty.http.server.HttpServer", "io.projectreactor.netty:reactor-netty-http");
    }

    @Bean
    ConfigurationCheck realtimeMissingServer(ResourceLoader resources) {
        return () -> {
            String missing = LIBRARIES.entrySet().stream()
                    .filter(library -> !ClassUtils.isPresent(library.getKey(), resources.getClassLoader()))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.joining(" and "));
            throw new ConfigurationProblemException(
                    RealtimeServerProperties.PORT,
                    "`%s` is set but the class path lacks %s, so there is no server for this port."
                            .formatted(RealtimeServerProperties.PORT, missing),
                    "Add %s to the dependencies, or remove the property.".formatted(missing));
        };
    }
}
