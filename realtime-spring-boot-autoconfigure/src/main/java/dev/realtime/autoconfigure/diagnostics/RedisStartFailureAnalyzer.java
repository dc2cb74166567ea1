package dev.realtime.autoconfigure.diagnostics;

import dev.realtime.engine.redis.start.RedisStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains why the engine does not start over this Redis, and says in which file the setting is. */
final class RedisStartFailureAnalyzer extends AbstractFailureAnalyzer<RedisStartException> {

    private final Environment environment;

    RedisStartFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RedisStartException cause) {
        return new FailureAnalysis(
                cause.description() + PropertyOrigin.sentence(environment, cause.property()), cause.action(), cause);
    }
}
