package dev.realtime.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.httpapi.RealtimeHttpApiAutoConfiguration;
import dev.realtime.autoconfigure.redis.RealtimeRedisProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.env.EnvironmentEndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

/** Secrets stay hidden where an application shows the values of all properties. */
class RealtimeSecretsAutoConfigurationTests {

    private static final String KEY = "canary-0123456789abcdef01";

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(
                    RealtimeHttpApiAutoConfiguration.class,
                    RealtimeSecretsAutoConfiguration.class,
                    EnvironmentEndpointAutoConfiguration.class,
                    ConfigurationPropertiesReportEndpointAutoConfiguration.class))
            .withPropertyValues(
                    "realtime.http-api.key=" + KEY,
                    "realtime.http-api.prefix=/canary-prefix",
                    "management.endpoints.web.exposure.include=*",
                    "management.endpoint.env.show-values=always",
                    "management.endpoint.configprops.show-values=always");

    @Test
    void endpointsThatShowAllValuesHideTheKey() {
        JsonMapper json = JsonMapper.shared();
        runner.run(context -> {
            String environment = json.writeValueAsString(
                    context.getBean(EnvironmentEndpoint.class).environment(null));
            String properties = json.writeValueAsString(
                    context.getBean(ConfigurationPropertiesReportEndpoint.class).configurationProperties());

            assertThat(environment).contains("/canary-prefix").doesNotContain(KEY);
            assertThat(properties).contains("/canary-prefix").doesNotContain(KEY);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "realtime.http-api.key,true",
        "REALTIME_HTTPAPI_KEY,true",
        "REALTIME_HTTP_API_KEY,true",
        "realtime.httpApi.key,true",
        "realtime.client.token.hmac-secret-key,true",
        "realtime.redis.password,true",
        "realtime.redis.sentinel-password,true",
        "realtime.http-api.allow-query-key,false",
        "realtime.client.token.rsa-public-key,false",
        "my.realtime.password,false"
    })
    void secretsAreKnownByTheirNames(String name, boolean secret) {
        SanitizableData data = new RealtimeSecrets().apply(new SanitizableData(null, name, "value"));

        assertThat(data.getValue()).isEqualTo(secret ? SanitizableData.SANITIZED_VALUE : "value");
    }

    @Test
    void endpointsThatShowAllValuesHideTheCredentialsOfRedis() {
        JsonMapper json = JsonMapper.shared();
        runner.withPropertyValues(
                        "realtime.engine=redis",
                        "realtime.redis.startup=wait",
                        "realtime.redis.cluster-address=redis://app:" + KEY + "@a.example,redis://app:" + KEY
                                + "@b.example",
                        "realtime.redis.password=" + KEY,
                        "realtime.redis.client-name=canary-client")
                .run(context -> {
                    String environment = json.writeValueAsString(
                            context.getBean(EnvironmentEndpoint.class).environment(null));
                    String properties =
                            json.writeValueAsString(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                                    .configurationProperties());

                    assertThat(environment)
                            .contains("b.example", "canary-client")
                            .doesNotContain(KEY);
                    assertThat(properties)
                            .contains("b.example", "canary-client")
                            .doesNotContain(KEY);
                    assertThat(context.getBean(RealtimeRedisProperties.class).toString())
                            .doesNotContain(KEY);
                    assertThat(context.getBean("realtimeRedisTarget").toString())
                            .doesNotContain(KEY);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "realtime.redis.address, redis://app:secret@cache:6379/1, redis://******@cache:6379/1",
        "REALTIME_REDIS_CLUSTERADDRESS, 'redis://:secret@a,rediss://:se@cret@b:7000',"
                + " 'redis://******@a,rediss://******@b:7000'",
        "realtime.redis.cluster-address[1], app:secret@a, ******@a",
        "realtime.redis.sentinelAddress, redis://s1, redis://s1",
        "my.redis.address, redis://app:secret@cache, redis://app:secret@cache",
    })
    void addressesAreShownWithoutTheirCredentials(String name, String value, String shown) {
        assertThat(new RealtimeSecrets()
                        .apply(new SanitizableData(null, name, value))
                        .getValue())
                .isEqualTo(shown);
    }
}
