package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

/** Pages that list options, meters or properties list those that exist, and all of them where they promise to. */
class ReferencePagesTests {

    private static final List<MarkdownPage> pages = MarkdownPage.all();

    private static final Set<String> meters = KnownNames.meters();

    @ParameterizedTest
    @FieldSource("pages")
    void everyNameThatBeginsWithRealtimeExists(MarkdownPage page) {
        List<String> names = page.inlineCode().stream()
                .filter(code -> code.startsWith("realtime."))
                .map(code -> code.replaceFirst("(\\.\\*|[=:].*)$", ""))
                // Reserved for properties of applications.
                .filter(name -> !name.equals("realtime.app"))
                .toList();

        assertThat(names).allMatch(name -> KnownNames.isProperty(name) || isMeter(name), "is a property or a meter");
    }

    @ParameterizedTest
    @FieldSource("pages")
    void everyPropertyInYamlExists(MarkdownPage page) {
        List<String> names = page.blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .flatMap(block -> keys(block.code()))
                .filter(key -> key.startsWith("realtime."))
                .map(key -> key.replaceFirst("\\[\\d+]$", ""))
                .toList();

        assertThat(names).allMatch(KnownNames::isProperty, "is a property");
    }

    @Test
    void channelsPageNamesEveryOptionWithItsDefault() {
        String page = page("docs/channels.md");

        assertThat(KnownNames.channelOptions())
                .isNotEmpty()
                .allSatisfy((option, value) -> assertThat(page)
                        .contains("| `" + option + "` | " + (value.isEmpty() ? "" : "`" + value + "` ") + "|"));
    }

    @ParameterizedTest
    @FieldSource("pages")
    void everyTestThatIsNamedExists(MarkdownPage page) {
        Map<String, Path> sources = Repository.tests();

        List<String> names = page.inlineCode().stream()
                .filter(code -> code.matches("\\w+Tests(\\.\\w+)?"))
                .toList();

        assertThat(names).allSatisfy(name -> {
            String[] parts = name.split("\\.");
            assertThat(sources).containsKey(parts[0]);
            assertThat(parts.length == 1
                            || Repository.read(sources.get(parts[0]))
                                    .matches("(?s).*(void|Stream<DynamicTest>) " + parts[1] + "\\(.*"))
                    .as(name)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @FieldSource("pages")
    void everyPackageThatIsNamedExists(MarkdownPage page) {
        // Decision records keep the names of their time.
        boolean record = page.file().startsWith(Repository.ROOT.resolve("docs/decisions"));

        assertThat(page.inlineCode().stream().filter(code -> code.matches("dev\\.realtime(\\.[a-z]+)*")))
                .allMatch(name -> record || Repository.hasPackage(name), "is a package");
    }

    private static boolean isMeter(String name) {
        return meters.contains(name);
    }

    private static String page(String path) {
        return Repository.read(Repository.ROOT.resolve(path));
    }

    private static Stream<String> keys(String yaml) {
        YamlPropertiesFactoryBean factory = new YamlPropertiesFactoryBean();
        factory.setResources(new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        Properties properties = factory.getObject();
        return properties == null ? Stream.empty() : properties.stringPropertyNames().stream();
    }
}
