package dev.realtime.endpoint;

import org.springframework.boot.WebApplicationType;

/** Web stacks of applications that the API is part of. */
public enum Stack {

    /** Spring WebFlux on Reactor Netty. */
    WEBFLUX(WebApplicationType.REACTIVE),

    /** Spring MVC on Tomcat. */
    MVC(WebApplicationType.SERVLET);

    private final WebApplicationType type;

    Stack(WebApplicationType type) {
        this.type = type;
    }

    WebApplicationType type() {
        return type;
    }
}
