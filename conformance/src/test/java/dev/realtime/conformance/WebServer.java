package dev.realtime.conformance;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Web servers of the class path, of which Spring Boot would always take the first one. */
enum WebServer {
    REACTOR_NETTY(
            WebApplicationType.REACTIVE,
            "tomcat.autoconfigure.reactive.TomcatReactive",
            "jetty.autoconfigure.reactive.JettyReactive"),
    TOMCAT(WebApplicationType.SERVLET, "jetty.autoconfigure.servlet.JettyServlet"),
    JETTY(WebApplicationType.SERVLET, "tomcat.autoconfigure.servlet.TomcatServlet");

    private final WebApplicationType type;

    private final String exclusions;

    WebServer(WebApplicationType type, String... others) {
        this.type = type;
        this.exclusions = Arrays.stream(others)
                .map(other -> "org.springframework.boot." + other + "WebServerAutoConfiguration")
                .collect(Collectors.joining(","));
    }

    /**
     * Returns an application that this server serves.
     *
     * @param configuration name of the file with its properties
     */
    SpringApplicationBuilder application(Class<?> application, String configuration) {
        return new SpringApplicationBuilder(application)
                .web(type)
                .properties("spring.config.name=" + configuration, "spring.autoconfigure.exclude=" + exclusions);
    }
}
