package dev.realtime.autoconfigure.diagnostics;

import dev.realtime.channel.InvalidChannelOptionsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains an {@link InvalidChannelOptionsException} of the core and says in which file the property is. */
final class InvalidChannelOptionsFailureAnalyzer extends AbstractFailureAnalyzer<InvalidChannelOptionsException> {

    private final Environment environment;

    InvalidChannelOptionsFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidChannelOptionsException cause) {
        return new FailureAnalysis(
                cause.description() + PropertyOrigin.sentence(environment, cause.property()), cause.action(), cause);
    }
}
