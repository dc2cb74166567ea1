package dev.realtime.autoconfigure.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Hints that a native image needs beside those for handlers. */
class RealtimeRuntimeHintsTests {

    @Test
    void scriptsOfTheRedisEngineAreInTheImage() throws IOException {
        RuntimeHints hints = new RuntimeHints();
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(RealtimeRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(hints, null));

        Resource[] scripts =
                new PathMatchingResourcePatternResolver().getResources("classpath*:dev/realtime/engine/redis/**/*.lua");

        assertThat(scripts).isNotEmpty().allSatisfy(script -> {
            String url = script.getURL().toString();
            assertThat(RuntimeHintsPredicates.resource()
                            .forResource(url.substring(url.indexOf("dev/realtime/engine/redis/"))))
                    .accepts(hints);
        });
    }
}
