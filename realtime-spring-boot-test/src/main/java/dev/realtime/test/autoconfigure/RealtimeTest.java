package dev.realtime.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.Environment;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Slice of an application for tests of its handlers: loads handlers, authenticators, authorizers, method security,
 * validation, the application's {@code JsonMapper} and its properties, and nothing else. Other beans that a handler
 * needs are replaced, for instance with {@code @MockitoBean}. Brings {@link AutoConfigureRealtime}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(RealtimeTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(RealtimeTypeExcludeFilter.class)
@AutoConfigureRealtime
@ImportAutoConfiguration
public @interface RealtimeTest {

    /** Properties in the form {@code key=value} that are added to the {@link Environment} before the test runs. */
    String[] properties() default {};

    /** Handlers to load; all {@code @RealtimeHandler} beans unless given. An alias of {@link #handlers()}. */
    @AliasFor("handlers")
    Class<?>[] value() default {};

    /** Handlers to load; all {@code @RealtimeHandler} beans unless given. An alias of {@link #value()}. */
    @AliasFor("value")
    Class<?>[] handlers() default {};

    /**
     * Returns whether the default filters are used; {@code false} loads only what the filters of this annotation
     * include.
     */
    boolean useDefaultFilters() default true;

    /** Filters of beans to load beside. */
    Filter[] includeFilters() default {};

    /** Filters of beans to leave out. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out of the slice. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
