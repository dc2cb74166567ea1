package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

        assertThatExceptionOfType(InvalidRealtimePropertyException.class)
                .isThrownBy(
                        () -> TestPropertyValues.of("spring.aot.enabled=true").applyToSystemProperties(() -> {
                            choices.postProcessBeanFactory(new DefaultListableBeanFactory());
                            return null;
                        }))
                .withMessageStartingWith(("`realtime.enabled` is `%s` but the application was processed ahead of time"
                                + " with `%s`, which chose its beans.")
                        .formatted(!built, built));
    }

    @Test
    void nothingIsRemovedWithoutProcessing() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("realtimeRedisEngine", new RootBeanDefinition(Object.class));

        new RunTimeChoices(new MockEnvironment(), true).postProcessBeanFactory(beans);

        assertThat(beans.containsBeanDefinition("realtimeRedisEngine")).isTrue();
    }
}
