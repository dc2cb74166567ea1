package dev.realtime.channel;

import dev.realtime.api.channel.ChannelOptions;
import dev.realtime.api.channel.ChannelOptionsResolver;
import dev.realtime.failure.ConfigurationProblemException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link ChannelOptionsResolver} whose results keep the rules that configuration keeps. Checking good options is
 * cheaper than remembering them, so only refused ones are remembered, each logged once.
 */
public final class ValidatingOptionsResolver {

    private static final Logger logger = LoggerFactory.getLogger(ValidatingOptionsResolver.class);

    /** Bounds what a resolver that makes up new broken options for every call can take in memory and log. */
    private static final int MOST_REFUSALS_LOGGED = 100;

    private final ChannelOptionsResolver resolver;

    private final Set<Refusal> refusals = ConcurrentHashMap.newKeySet();

    ValidatingOptionsResolver(ChannelOptionsResolver resolver) {
        this.resolver = resolver;
    }

    private record Refusal(String namespace, ChannelOptions options) {}

    /**
     * The options of a namespace, {@code null} if it does not exist.
     *
     * @param configured what holds if the resolver leaves the namespace to the configuration
     */
    @Nullable
    ChannelOptions resolve(String namespace, @Nullable ChannelOptions configured) {
        Optional<ChannelOptions> resolved = resolver.resolve(namespace);
        if (resolved.isEmpty()) {
            return configured;
        }
        ChannelOptions options = resolved.get();
        Optional<ConfigurationProblemException> violation = OptionRules.violation(namespace, options);
        if (violation.isEmpty()) {
            return options;
        }
        logOnce(new Refusal(namespace, options), violation.get());
        return null;
    }

    private void logOnce(Refusal refusal, ConfigurationProblemException violation) {
        if (refusals.size() < MOST_REFUSALS_LOGGED && refusals.add(refusal)) {
            logger.error(
                    "The ChannelOptionsResolver gave options for namespace '{}' that are refused, so the namespace does"
                            + " not exist: {}",
                    refusal.namespace(),
                    violation.getMessage());
        }
    }
}
