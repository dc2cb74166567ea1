package dev.realtime.autoconfigure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.realtime.Rooms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** Architecture of the auto-configuration: its facets, their arrows and their size. */
class FacetTests {

    private static final String ROOT = "dev.realtime.autoconfigure";

    private static final int MAX_FILES = 25;

    private static final int MAX_CYCLE = 6;

    private static final JavaClasses MODULE = new ClassFileImporter()
            .importUrl(RealtimeAutoConfiguration.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation());

    /** The facets, lowest first. Each may use the rooms of other modules, and those facets that it names. */
    private enum Facet {
        NODE(ROOT),
        WEB(ROOT + ".web", NODE),
        CHOICE(ROOT + ".choice", WEB),
        PAYLOAD(ROOT + ".payload", NODE),
        HANDLER(ROOT + ".handler", NODE),
        EVENT(ROOT + ".event", NODE),
        TRANSACTION(ROOT + ".transaction", NODE),
        TOKEN(ROOT + ".token", NODE),
        WEBFLUX(ROOT + ".webflux", NODE, CHOICE, WEB),
        WEBMVC(ROOT + ".webmvc", NODE, CHOICE, WEB),
        HTTP_API(ROOT + ".httpapi", NODE, CHOICE, WEB),
        SERVER(ROOT + ".server", NODE, CHOICE, WEB, WEBFLUX),
        ENGINE(ROOT + ".engine", NODE, CHOICE, WEB),
        REDIS(ROOT + ".redis", NODE, CHOICE, ENGINE, WEBFLUX),
        WARM_UP(ROOT + ".warmup", NODE, WEB),
        DISABLED(ROOT + ".disabled"),
        TEMPLATE(ROOT + ".template", NODE, DISABLED),
        ACTUATOR_TYPES("dev.realtime.actuate"),
        ACTUATE(ROOT + ".actuate", NODE, HTTP_API, REDIS, SERVER),
        DIAGNOSTICS(ROOT + ".diagnostics", NODE),
        STARTUP(
                ROOT + ".startup",
                NODE,
                CHOICE,
                WEB,
                HANDLER,
                EVENT,
                TOKEN,
                WEBFLUX,
                HTTP_API,
                REDIS,
                TEMPLATE,
                DISABLED);

        private final String packageName;

        private final List<Facet> uses;

        Facet(String packageName, Facet... uses) {
            this.packageName = packageName;
            this.uses = List.of(uses);
        }

        private boolean mayUse(JavaClass type) {
            String name = type.getPackageName();
            return name.equals(packageName)
                    || uses.stream().anyMatch(facet -> facet.packageName.equals(name))
                    || !name.startsWith(ROOT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void facetUsesOnlyTheFacetsItNames(Facet facet) {
        classes()
                .that()
                .resideInAPackage(facet.packageName)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.describe("are in the facets it names", facet::mayUse))
                .check(MODULE);
    }

    @Test
    void everyClassIsInAFacet() {
        String[] facets =
                Arrays.stream(Facet.values()).map(facet -> facet.packageName).toArray(String[]::new);

        classes().should().resideInAnyPackage(facets).check(MODULE);
    }

    @ParameterizedTest
    @EnumSource
    void facetHoldsFewFiles(Facet facet) {
        assertThat(Rooms.filesByPackage(MODULE).get(facet.packageName))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(MAX_FILES);
    }

    @Test
    void filesOfAFacetHaveNoLargeCycles() {
        assertThat(Rooms.fileCycles(MODULE))
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(MAX_CYCLE));
    }

    @Test
    void autoConfigurationsArePublicFinalAndListed() throws IOException {
        Set<JavaClass> autoConfigurations = MODULE.stream()
                .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                .collect(toSet());

        assertThat(autoConfigurations)
                .allSatisfy(type -> assertThat(type.getModifiers()).contains(JavaModifier.PUBLIC, JavaModifier.FINAL));
        assertThat(listed())
                .isSorted()
                .containsExactlyInAnyOrderElementsOf(
                        autoConfigurations.stream().map(JavaClass::getName).toList());
    }

    private static List<String> listed() throws IOException {
        try (InputStream imports = RealtimeAutoConfiguration.class.getResourceAsStream(
                "/META-INF/spring/" + AutoConfiguration.class.getName() + ".imports")) {
            return new String(imports.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
