package dev.realtime.conformance;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application on the starter and nothing else; {@code conformance.yml} has the permissions and the namespaces
 * can.
 */
@SpringBootApplication
class ConformanceApplication {}
