package dev.realtime.conformance;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application on the starter and nothing else; {@code conformance.yml} says who may come and what the namespaces
 * can.
 */
@SpringBootApplication
class ConformanceApplication {}
