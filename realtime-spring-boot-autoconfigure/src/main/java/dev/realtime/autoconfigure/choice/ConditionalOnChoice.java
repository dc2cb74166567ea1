package dev.realtime.autoconfigure.choice;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Condition on a choice that properties make, and that ahead-of-time processing leaves to the start. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnRunTimeChoice.class)
public @interface ConditionalOnChoice {

    /** Returns the choice. */
    RunTimeChoice value();
}
