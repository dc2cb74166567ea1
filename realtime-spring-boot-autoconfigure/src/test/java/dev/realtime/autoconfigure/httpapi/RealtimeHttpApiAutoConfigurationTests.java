package dev.realtime.autoconfigure.httpapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.engine.memory.MemoryEngine;
import dev.realtime.httpapi.ApiKey;
import dev.realtime.httpapi.HttpApi;
import dev.realtime.httpapi.HttpApiOptions;
import dev.realtime.httpapi.command.ApiContext;
import dev.realtime.spi.engine.Engine;
import dev.realtime.webflux.api.RealtimeHttpApiMapping;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.scheduler.Schedulers;

/** When the HTTP API is there, where, and for whom. */
@ExtendWith(OutputCaptureExtension.class)
class RealtimeHttpApiAutoConfigurationTests {

    private static final String KEY = "realtime.http-api.key=0123456789abcdef01234567";

    private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
            .withConfiguration(RealtimeFacets.with(RealtimeHttpApiAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(strings = {"some.other=property", "realtime.http-api.key=", "realtime.http-api.insecure=false"})
    void withoutAKeyThereIsNoApi(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(RealtimeHttpApiMapping.class));
    }

    @Test
    void keyMapsOnePathForEachMethodAndNothingElse(CapturedOutput output) {
        runner.withPropertyValues(KEY)
                .run(context -> assertThat(context)
                        .getBean(RealtimeHttpApiMapping.class)
                        .satisfies(mapping -> assertThat(mapping.getUrlMap())
                                .containsOnlyKeys(mapping.paths())
                                .containsOnlyKeys(
                                        "/api/publish",
                                        "/api/broadcast",
                                        "/api/subscribe",
                                        "/api/unsubscribe",
                                        "/api/disconnect",
                                        "/api/refresh",
                                        "/api/presence",
                                        "/api/presence_stats",
                                        "/api/history",
                                        "/api/history_remove",
                                        "/api/channels",
                                        "/api/info",
                                        "/api/rpc",
                                        "/api/batch")));
        assertThat(output).doesNotContain("realtime.http-api");
    }

    @ParameterizedTest
    @CsvSource({"/realtime/api,/realtime/api/publish", "'',/publish", "/,/publish"})
    void prefixCanBeChosen(String prefix, String path) {
        runner.withPropertyValues(KEY, "realtime.http-api.prefix=" + prefix)
                .run(context -> assertThat(context)
                        .getBean(RealtimeHttpApiMapping.class)
                        .satisfies(mapping -> assertThat(mapping.getUrlMap()).containsKey(path)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            prefix=api                | `realtime.http-api.prefix` is `api`, but a path begins with a slash.
            prefix=/api/              | `realtime.http-api.prefix` is `/api/`, but the slash before the method is added to it.
            prefix=/api/*             | `realtime.http-api.prefix` is `/api/*`, but an endpoint has one exact path, without patterns and spaces.
            max-body-size=0B          | `realtime.http-api.max-body-size` is `0B`, so no request would fit.
            max-batch-size=0          | `realtime.http-api.max-batch-size` is `0`, so no batch would fit.
            max-broadcast-channels=0  | `realtime.http-api.max-broadcast-channels` is `0`, so no broadcast would fit.
            read-timeout=0s           | `realtime.http-api.read-timeout` is `0s`, so no request could arrive in time.
            """)
    void settingThatCannotWorkIsRefused(String setting, String description) {
        runner.withPropertyValues(KEY, "realtime.http-api." + setting)
                .run(context ->
                        assertThat(Refusals.analyze(context).getDescription()).startsWith(description));
    }

    @Test
    void keyThatNoHeaderCanCarryIsRefusedUnseen() {
        runner.withPropertyValues("realtime.http-api.key=clé secrète 0123456789")
                .run(context -> {
                    FailureAnalysis refusal = Refusals.analyze(context);
                    assertThat(refusal.getDescription())
                            .startsWith("`realtime.http-api.key` contains characters other than visible ASCII, so no"
                                    + " HTTP header"
                                    + " could carry it.")
                            .doesNotContain("0123456789");
                    assertThat(refusal.getAction())
                            .isEqualTo("Set it to letters and digits, for instance to the output of `openssl rand"
                                    + " -hex 24`.");
                });
    }

    @Test
    void shortKeyIsAcceptedWithAWarning(CapturedOutput output) {
        runner.withPropertyValues("realtime.http-api.key=short-secret")
                .run(context -> assertThat(context).hasSingleBean(RealtimeHttpApiMapping.class));

        assertThat(output)
                .contains("WARN", "`realtime.http-api.key` has 12 characters, so it might be guessed.")
                .doesNotContain("short-secret");
    }

    @Test
    void insecureApiIsSaidLoudly(CapturedOutput output) {
        runner.withPropertyValues("realtime.http-api.insecure=true")
                .run(context -> assertThat(context).hasSingleBean(RealtimeHttpApiMapping.class));

        assertThat(output)
                .contains("WARN", "`realtime.http-api.insecure` is on: anybody that reaches this server may publish");
    }

    @Test
    void mappingOfTheApplicationReplacesOurs() {
        RealtimeHttpApiMapping own = new RealtimeHttpApiMapping(
                "/own",
                RealtimeHttpApiMapping.DEFAULT_ORDER,
                ApiKey.insecure(),
                new HttpApi(
                        new ApiContext(mock(), mock(), mock(), mock(), () -> null, Duration.ofSeconds(1), 1),
                        HttpApiOptions.DEFAULTS));

        runner.withPropertyValues(KEY)
                .withBean("ownMapping", RealtimeHttpApiMapping.class, () -> own)
                .run(context -> assertThat(context)
                        .getBean(RealtimeHttpApiMapping.class)
                        .isSameAs(own));
    }

    @Test
    void applicationWithoutAWebServerHasNoApi() {
        new ApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with(RealtimeHttpApiAutoConfiguration.class))
                .withBean(Engine.class, () -> new MemoryEngine(Duration.ofSeconds(60), Schedulers.parallel()))
                .withPropertyValues(KEY)
                .run(context -> assertThat(context).doesNotHaveBean(RealtimeHttpApiMapping.class));
    }
}
