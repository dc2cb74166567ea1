package dev.realtime.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Condition that matches where there is a node. Like {@code @ConditionalOnNode}, which goes through
 * the types of all beans for each of the many configurations that ask, while this one looks for the usual name first.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Conditional(OnNode.class)
public @interface ConditionalOnNode {}
