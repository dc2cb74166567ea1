package dev.realtime.benchmarks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * The server that load is put on: a Spring Boot application with the starter and nothing of its own. Its configuration
 * opens everything to anonymous clients, as the load generator is. Like {@link EmptyServer} it scans for no components,
 * which would read the classes of all benchmarks.
 */
@EnableAutoConfiguration
public class LoadServer {

    public static void main(String[] arguments) {
        SpringApplication.run(LoadServer.class, arguments);
    }
}
