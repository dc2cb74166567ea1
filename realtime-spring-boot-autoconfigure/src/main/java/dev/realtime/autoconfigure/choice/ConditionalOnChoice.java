package dev.realtime.autoconfigure.choice;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Condition on a choice by properties, which ahead-of-time processing leaves open until the start. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnRunTimeChoice.class)
public @interface ConditionalOnChoice {

    /** Returns the choice. */
    RunTimeChoice value();
}
