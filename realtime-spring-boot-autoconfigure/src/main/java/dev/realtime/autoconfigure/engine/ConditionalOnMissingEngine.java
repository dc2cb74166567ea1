package dev.realtime.autoconfigure.engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Condition on the application having no {@link dev.realtime.spi.engine.Engine} of its own. Ahead-of-time processing
 * registers the engines of every choice; they do not count.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnMissingEngineCondition.class)
public @interface ConditionalOnMissingEngine {}
