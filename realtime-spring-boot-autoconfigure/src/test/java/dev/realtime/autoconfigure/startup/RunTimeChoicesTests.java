package dev.realtime.autoconfigure.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.realtime.auth.token.JwtAuthenticator;
import dev.realtime.failure.ConfigurationProblemException;
import dev.realtime.spi.auth.TokenAuthenticator;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.mock.env.MockEnvironment;

/** Choices that are made when an application starts, and the one that cannot be made then. */
class RunTimeChoicesTests {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void switchOfTheWholeServerIsRefusedWhenTheApplicationStarts(boolean built) {
        MockEnvironment environment = new MockEnvironment().withProperty("realtime.enabled", String.valueOf(!built));
        RunTimeChoices choices = new RunTimeChoices(environment, built);

        assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(
                        () -> TestPropertyValues.of("spring.aot.enabled=true").applyToSystemProperties(() -> {
                            choices.postProcessBeanFactory(new DefaultListableBeanFactory());
                            return null;
                        }))
                .withMessageStartingWith(("`realtime.enabled` is `%s` but the application was processed ahead of time"
                                + " with `%s`, which chose its beans.")
                        .formatted(!built, built));
    }

    @ParameterizedTest
    @ValueSource(strings = {"realtimeDecodedTokens", "realtimeBlockinglyDecodedTokens", "realtimeIntrospectedTokens"})
    void keysOfTokensThatWereNotThereWhenTheApplicationWasBuiltAreRefused(String builtVerifier) {
        MockEnvironment environment = new MockEnvironment().withProperty("realtime.client.token.hmac-secret-key", "s");

        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition(builtVerifier, new RootBeanDefinition(TokenAuthenticator.class));

        refuses(environment, beans)
                .withMessageStartingWith(
                        "`realtime.client.token.hmac-secret-key` is set but the application was processed"
                                + " ahead of time without keys of tokens, so that nothing would use it.");
    }

    @Test
    void lackOfKeysThatWereThereWhenTheApplicationWasBuiltIsRefused() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("realtimeTokens", new RootBeanDefinition(JwtAuthenticator.class));

        refuses(new MockEnvironment(), beans)
                .withMessageStartingWith(
                        "No key of tokens is set, but the application was processed ahead of time with one");
    }

    private static ThrowableAssertAlternative<ConfigurationProblemException> refuses(
            MockEnvironment environment, DefaultListableBeanFactory beans) {
        return assertThatExceptionOfType(ConfigurationProblemException.class)
                .isThrownBy(() -> TestPropertyValues.of("spring.aot.enabled=true")
                        .applyToSystemProperties(() -> {
                            new RunTimeChoices(environment, true).postProcessBeanFactory(beans);
                            return null;
                        }));
    }

    @Test
    void nothingIsRemovedWithoutProcessing() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("realtimeRedisEngine", new RootBeanDefinition(Object.class));

        new RunTimeChoices(new MockEnvironment(), true).postProcessBeanFactory(beans);

        assertThat(beans.containsBeanDefinition("realtimeRedisEngine")).isTrue();
    }
}
