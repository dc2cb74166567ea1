package dev.realtime.autoconfigure.diagnostics;

import dev.realtime.autoconfigure.InvalidRealtimePropertyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains an {@link InvalidRealtimePropertyException} and says in which file the property is. */
final class InvalidRealtimePropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRealtimePropertyException> {

    private final Environment environment;

    InvalidRealtimePropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidRealtimePropertyException cause) {
        return new FailureAnalysis(
                cause.description() + PropertyOrigin.sentence(environment, cause.property()), cause.action(), cause);
    }
}
