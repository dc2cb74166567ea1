package dev.realtime.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Sanitizing of the secrets of the server in the endpoints of Actuator. */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class RealtimeSecretsAutoConfiguration {

    @Bean
    RealtimeSecrets realtimeSecrets() {
        return new RealtimeSecrets();
    }
}
