package dev.realtime.autoconfigure.startup;

import dev.realtime.autoconfigure.choice.RunTimeChoice;
import dev.realtime.autoconfigure.token.OnTokenKeysCondition;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.spi.auth.TokenAuthenticator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.core.env.Environment;

/**
 * Removal of the beans that ahead-of-time processing left in for every choice and that properties do not select.
 * Refuses properties that have an effect at build time only. Does nothing without such processing.
 */
final class RunTimeChoices implements BeanFactoryPostProcessor {

    private static final String ENABLED = "realtime.enabled";

    private final Environment environment;

    private final boolean enabled;

    /** @param enabled whether the beans are those of an enabled server */
    RunTimeChoices(Environment environment, boolean enabled) {
        this.environment = environment;
        this.enabled = enabled;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        if (RunTimeChoice.areOpen(environment) || !AotDetector.useGeneratedArtifacts()) {
            return;
        }
        refuseSwitchOfBuild();
        if (enabled) {
            refuseTokensOfBuild(beanFactory);
        }
        BeanDefinitionRegistry registry = (BeanDefinitionRegistry) beanFactory;
        Stream.of(RunTimeChoice.values())
                .filter(choice -> !choice.isWanted(environment))
                .filter(choice -> registry.containsBeanDefinition(choice.beans().get(0)))
                .flatMap(choice -> choice.beans().stream())
                .filter(registry::containsBeanDefinition)
                .forEach(registry::removeBeanDefinition);
    }

    /** Refuses keys of tokens that nothing would use, and the lack of keys where they alone would be used. */
    private void refuseTokensOfBuild(ListableBeanFactory beans) {
        Set<String> verifiers =
                new HashSet<>(List.of(beans.getBeanNamesForType(TokenAuthenticator.class, true, false)));
        boolean built = verifiers.remove("realtimeTokens");
        verifiers.removeAll(
                List.of("realtimeDecodedTokens", "realtimeBlockinglyDecodedTokens", "realtimeIntrospectedTokens"));
        String key = OnTokenKeysCondition.found(environment).orElse(null);
        if (!verifiers.isEmpty() || built == (key != null)) {
            return;
        }
        throw new ConfigurationProblemException(
                key == null ? OnTokenKeysCondition.SECRET : key,
                built
                        ? "No key of tokens is set, but the application was processed ahead of time with one, so that"
                                + " nothing else verifies tokens."
                        : ("`%s` is set but the application was processed ahead of time without keys of tokens, so that"
                                        + " nothing would use it.")
                                .formatted(key),
                built
                        ? "Set a key below `realtime.client.token`, or build the application without one."
                        : "Set it when the application is built, for instance in `application.yml`; its value is read"
                                + " when the application starts.");
    }

    private void refuseSwitchOfBuild() {
        boolean wanted = environment.getProperty(ENABLED, Boolean.class, true);
        if (wanted != enabled) {
            throw new ConfigurationProblemException(
                    ENABLED,
                    ("`%1$s` is `%2$s` but the application was processed ahead of time with `%3$s`, "
                                    + "which chose its beans.")
                            .formatted(ENABLED, wanted, enabled),
                    "Set `%1$s=%2$s` when the application is built, for instance in `application.yml`, or remove it."
                            .formatted(ENABLED, wanted));
        }
    }
}
