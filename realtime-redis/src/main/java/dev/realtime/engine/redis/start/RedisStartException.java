package dev.realtime.engine.redis.start;

import dev.realtime.api.client.EngineException;
import dev.realtime.failure.ConfigurationProblem;
import java.time.Duration;

/**
 * Redis is not what the configuration says, or cannot be reached, so the engine cannot start. The message has three
 * parts: what is found, why that is a mistake, and what to do.
 */
public final class RedisStartException extends EngineException implements ConfigurationProblem {

    private static final long serialVersionUID = 1L;

    private final String property;

    private final String description;

    private final String action;

    private final boolean temporary;

    RedisStartException(String property, String description, String action, boolean temporary, Throwable cause) {
        super(description + " " + action, cause);
        this.property = property;
        this.description = description;
        this.action = action;
        this.temporary = temporary;
    }

    RedisStartException(String property, String description, String action, boolean temporary) {
        super(description + " " + action);
        this.property = property;
        this.description = description;
        this.action = action;
        this.temporary = temporary;
    }

    @Override
    public String property() {
        return property;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String action() {
        return action;
    }

    /** Whether it may pass by itself, as when Redis is still starting. */
    @Override
    public boolean temporary() {
        return temporary;
    }

    /** The same, said after it was tried for some time. */
    RedisStartException after(Duration tried) {
        return new RedisStartException(
                property,
                "%s It was tried for %s.".formatted(description, StartupMessages.shown(tried)),
                action,
                temporary,
                this);
    }
}
