package dev.realtime.benchmarks.webmvc;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Server that load is put on, on Tomcat: a Spring MVC application with the starter for it and nothing of its own. Its
 * configuration, that of the server on Reactor Netty, permits everything to anonymous clients.
 */
@SpringBootApplication
public class ServletLoadServer {

    public static void main(String[] arguments) {
        SpringApplication.run(ServletLoadServer.class, arguments);
    }
}
