package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class InsecureModeTests {

    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @ValueSource(strings = {"prod", "production", "PROD", "Production"})
    void isRefusedWithAProfileNamedLikeProduction(String profile) {
        environment.setActiveProfiles("eu", profile);

        assertThatExceptionOfType(InvalidRealtimePropertyException.class)
                .isThrownBy(() -> InsecureMode.check(client(true), environment))
                .withMessage(
                        "`realtime.client.insecure` is on but the profile `%s` is active, so everything would be open"
                                        .formatted(profile)
                                + " to anyone in production. Remove `realtime.client.insecure` and allow what clients may do under"
                                + " `realtime.channel`, or do not activate the profile.");
    }

    @Test
    void isSaidLoudlyElsewhere(CapturedOutput output) {
        environment.setActiveProfiles("products");

        InsecureMode.check(client(true), environment);

        assertThat(output).contains("WARN").contains("`realtime.client.insecure` is on: anyone may connect");
    }

    @Test
    void nothingIsSaidWhenItIsOff(CapturedOutput output) {
        environment.setActiveProfiles("prod");

        InsecureMode.check(client(false), environment);

        assertThat(output).isEmpty();
    }

    private static RealtimeClientProperties client(boolean insecure) {
        return new Binder(new MapConfigurationPropertySource(Map.of("realtime.client.insecure", insecure)))
                .bindOrCreate("realtime.client", RealtimeClientProperties.class);
    }
}
