package dev.realtime.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Test of an application whose clients are in the same JVM. Adds the beans {@code RealtimeTestClients},
 * {@code RealtimeTestClock} and others of {@code dev.realtime.test} to the application context. No web server is
 * needed: {@code @SpringBootTest} may have any web environment.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("spring.test.realtime")
public @interface AutoConfigureRealtime {

    /** Engine of the node: by default in memory, regardless of {@code realtime.engine}. */
    TestEngine engine() default TestEngine.MEMORY;

    /** Engines of a test. */
    enum TestEngine {
        /** The memory engine with faults on command, whatever the configuration of the application says. */
        MEMORY,
        /** That of the application, for instance Redis in a container: without faults and without a second node. */
        APPLICATION
    }
}
