package dev.realtime.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Server that serves {@link ConformanceApplication} for the tests of a class and its nested classes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ServedBy {

    WebServer value();

    /** Whether the application uses virtual threads on a JDK that has them. */
    boolean virtualThreads() default false;
}
