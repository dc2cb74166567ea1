package dev.realtime.autoconfigure.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.realtime.autoconfigure.RealtimeFacets;
import dev.realtime.autoconfigure.Refusals;
import dev.realtime.failure.ConfigurationProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A property that nothing reads is reported with the name that was meant, and no other is. */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesCheckTests {

    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    private static StandardEnvironment environment(PropertySource<?> source) {
        StandardEnvironment environment = new StandardEnvironment();
        List.of("systemProperties", "systemEnvironment").forEach(environment.getPropertySources()::remove);
        environment.getPropertySources().addFirst(source);
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("strict", Map.of("realtime.strict-properties", "true")));
        return environment;
    }

    private static StandardEnvironment properties(Map<String, ?> values) {
        return environment(new MapPropertySource("test", new HashMap<>(values)));
    }

    private static StandardEnvironment variables(String name) {
        return environment(new SystemEnvironmentPropertySource("systemEnvironment", Map.of(name, "1")));
    }

    private static StandardEnvironment yaml(String text) throws IOException {
        List<PropertySource<?>> documents = new YamlPropertySourceLoader()
                .load("test.yml", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "test.yml"));
        return documents.isEmpty() ? properties(Map.of()) : environment(documents.get(0));
    }

    private static String reported(StandardEnvironment environment) {
        try {
            UnknownPropertiesCheck.check(environment);
            return "";
        } catch (ConfigurationProblemException refused) {
            return refused.description();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "realtime.redis.adress, realtime.redis.address",
        "realtime.client.allowed-origin, realtime.client.allowed-origins",
        "realtime.client.allowed-origin[0], realtime.client.allowed-origins",
        "realtime.channels.namespaces.chat.presence, realtime.channel.namespaces.chat.presence",
        "realtime.channel.namespaces.chat.force-recover, realtime.channel.namespaces.chat.force-recovery",
        "realtime.channel.namespaces[chat_room].channel-regx, realtime.channel.namespaces.chat_room.channel-regex",
        "realtime.channel.without-namespace.publication-data-formt,"
                + " realtime.channel.without-namespace.publication-data-format",
        "realtime.client.rate-limit.operations.rpc.limits, realtime.client.rate-limit.operations.rpc.limit",
        "realtime.http-api.kye, realtime.http-api.key",
        "realtime.client.token.hmac-secret, realtime.client.token.hmac-secret-key",
        "realtime.enabeld, realtime.enabled",
        "realtime.engine.type, realtime.engine",
    })
    void misspeltPropertyIsReportedWithTheNearestName(String misspelt, String meant) {
        assertThat(reported(properties(Map.of(misspelt, "1")))).contains("Did you mean `" + meant + "`?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "realtime.client.allowed-origins[0]",
                "realtime.client.allowedOrigins",
                "realtime.client.ALLOWED_ORIGINS",
                "realtime.channel.namespaces.chat.historySize",
                "realtime.channel.namespaces[with.dots].history-size",
                "realtime.client.rate-limit.operations.presence-stats.limit",
                "realtime.app.anything.of[0].mine",
                "realtimes.other",
                "management.endpoint.realtime.access"
            })
    void relaxedNamesListsMapsAndNamesOfOthersAreNotReported(String name) {
        assertThat(reported(properties(Map.of(name, "1")))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REALTIME_CLIENT_ALLOWEDORIGINS",
                "REALTIME_CLIENT_ALLOWED_ORIGINS",
                "REALTIME_CLIENT_ALLOWED_ORIGINS_0",
                "REALTIME_CHANNEL_NAMESPACES_CHAT_HISTORY_SIZE",
                "REALTIME_CHANNEL_NAMESPACES_CHAT_HISTORYSIZE",
                "REALTIME_CLIENT_SUBSCRIBE_TO_USER_PERSONAL_CHANNEL_SINGLE_CONNECTION",
                "REALTIME_HTTPAPI_KEY",
                "REALTIME_HTTP_API_KEY",
                "realtime.redis.address"
            })
    void variablesOfTheEnvironmentAreRead(String name) {
        assertThat(reported(variables(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "REALTIME_SERVICE_HOST",
                "REALTIME_SERVICE_PORT",
                "REALTIME_SERVICE_PORT_HTTP",
                "REALTIME_PORT",
                "REALTIME_PORT_8080_TCP",
                "REALTIME_PORT_8080_TCP_ADDR",
                "REALTIME_REDIS_SERVICE_HOST",
                "REALTIME_REDIS_SERVICE_PORT_TCP_REDIS",
                "REALTIME_REDIS_PORT",
                "REALTIME_REDIS_PORT_6379_TCP_PROTO",
                "REALTIME_REDIS_ENV_REDIS_VERSION",
                "REALTIME_REDIS_NAME",
                "REALTIME_HOME",
                "REALTIME_BUILD_NUMBER"
            })
    void variablesOfOthersAreNotReported(String name) {
        assertThat(reported(variables(name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REALTIME_REDIS_ADRESS, realtime.redis.address",
        "REALTIME_HTTP_API_KYE, realtime.http-api.key",
        "REALTIME_CLEINT_ALLOWED_ORIGINS, realtime.client.allowed-origins",
        "REALTIME_ENGIN, realtime.engine"
    })
    void misspeltVariableIsReportedWithItsOwnName(String name, String meant) {
        assertThat(reported(variables(name))).contains(name, "Did you mean `" + meant + "`?");
    }

    @ParameterizedTest
    @CsvSource({
        "realtime.redis.address, ${REALTIME_REDIS_URL}",
        "realtime.redis.address, ${REALTIME_REDIS_URL:localhost:6379}",
        "realtime.redis.address, ${realtime.redis.url}",
        "spring.data.redis.url, redis://${OTHER:x}/${REALTIME_REDIS_URL}"
    })
    void variableThatAPlaceholderReadsIsNotReported(String property, String value) {
        StandardEnvironment environment = variables("REALTIME_REDIS_URL");
        environment.getPropertySources().addLast(new MapPropertySource("file", Map.of(property, value)));

        assertThat(reported(environment)).isEmpty();
    }

    @Test
    void variableThatIsPartOfANameInAPlaceholderIsReported() {
        StandardEnvironment environment = variables("REALTIME_REDIS_ADRESS");
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("file", Map.of("a", "${REALTIME_REDIS_ADRESSES}", "b", "{x}")));

        assertThat(reported(environment)).contains("REALTIME_REDIS_ADRESS");
    }

    @Test
    void yamlIsReportedWithItsLine() throws IOException {
        assertThat(reported(yaml("""
                realtime:
                  client:
                  channel:
                    namespaces:
                      clock: {}
                      chat:
                        force-recover: true
                """)))
                .contains("chat.force-recover` (Byte array resource [test.yml] - 7:24)")
                .doesNotContain("clock", "client");
    }

    @Test
    void groupWithAValueIsReported() throws IOException {
        assertThat(reported(yaml("realtime: { client: yes }"))).contains("`realtime.client`");
    }

    @Test
    void filesOfAConfigTreeAreProperties(@TempDir Path tree) throws IOException {
        Files.createDirectories(tree.resolve("realtime/redis"));
        Files.writeString(tree.resolve("realtime/redis/password"), "x");
        Files.writeString(tree.resolve("realtime/redis/pasword"), "x");

        assertThat(reported(environment(new ConfigTreePropertySource("tree", tree))))
                .contains("`realtime.redis.pasword`")
                .doesNotContain("`realtime.redis.password` (");
    }

    @Test
    void everyPropertyOfTheMetadataIsKnown() throws IOException {
        Map<String, String> values = new HashMap<>();
        try (InputStream metadata =
                getClass().getClassLoader().getResourceAsStream("META-INF/spring-configuration-metadata.json")) {
            for (JsonNode property : JsonMapper.shared()
                    .readTree(Objects.requireNonNull(metadata))
                    .get("properties")) {
                boolean map = property.get("type").asString().startsWith("java.util.Map");
                values.put(property.get("name").asString(), map ? "" : "1");
            }
        }

        assertThat(values).hasSizeGreaterThan(100);
        assertThat(reported(properties(values))).isEmpty();
    }

    static Stream<Path> pagesAndConfigurations() {
        return Stream.of(
                Path.of("../sample-app/src/main/resources/application.yml"),
                Path.of("../sample-orders/src/main/resources/application.yml"),
                Path.of("../benchmarks/src/main/resources/application.yml"),
                Path.of("src/test/resources/docs/news.yml"));
    }

    @ParameterizedTest
    @MethodSource("pagesAndConfigurations")
    void configurationOfTheRepositoryIsKnown(Path file) throws IOException {
        List<PropertySource<?>> documents = new YamlPropertySourceLoader().load("file", new FileSystemResource(file));

        for (PropertySource<?> document : documents) {
            assertThat(reported(environment(document))).isEmpty();
        }
    }

    static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
            List<Path> pages =
                    docs.filter(page -> page.toString().endsWith(".md")).toList();
            return Stream.concat(Stream.of(Path.of("../README.md")), pages.stream());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void yamlOnAPageIsKnown(Path page) throws IOException {
        for (MatchResult block : YAML.matcher(Files.readString(page)).results().toList()) {
            assertThat(reported(yaml(block.group(1)))).isEmpty();
        }
    }

    @Test
    void applicationStartsWithAWarning(CapturedOutput output) {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .withPropertyValues("realtime.redis.adress=localhost:6379")
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output).containsOnlyOnce("Nothing reads the property `realtime.redis.adress`");
    }

    @Test
    void strictApplicationDoesNotStart() {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(RealtimeFacets.with())
                .withPropertyValues("realtime.redis.adress=localhost:6379", "realtime.strict-properties=true")
                .run(context -> {
                    FailureAnalysis analysis = Refusals.analyze(context);

                    assertThat(analysis.getDescription()).contains("realtime.redis.adress", "realtime.redis.address");
                    assertThat(analysis.getAction()).contains("realtime.app");
                });
    }

    @Test
    void withoutUnknownPropertiesNothingHappens() {
        assertThatCode(() -> UnknownPropertiesCheck.check(properties(Map.of()))).doesNotThrowAnyException();
    }
}
