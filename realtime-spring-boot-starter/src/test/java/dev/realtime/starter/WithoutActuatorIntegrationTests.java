package dev.realtime.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** An application that has the starter and neither Actuator nor Micrometer: on a class path that lacks their jars. */
class WithoutActuatorIntegrationTests {

    private static final Pattern LEFT_OUT = Pattern.compile(
            "spring-boot-(starter-)?(actuator|health|micrometer).*\\.jar|micrometer-(core|jakarta9).*\\.jar");

    @Test
    void applicationStartsWithoutHealthInfoAndMeters() throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader classes = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(classes);

            Object beans = classes.loadClass(Start.class.getName())
                    .getMethod("beansOfOurs")
                    .invoke(null);

            assertThat((String[]) beans)
                    .contains("realtimePublisher", "realtimeWebSocketMapping")
                    .doesNotContain("realtimeHealthIndicator", "realtimeInfoContributor", "realtimeMetrics");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry ->
                        !LEFT_OUT.matcher(entry.getFileName().toString()).matches())
                .map(WithoutActuatorIntegrationTests::url)
                .toArray(URL[]::new);
    }

    private static URL url(Path entry) {
        try {
            return entry.toUri().toURL();
        } catch (MalformedURLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Runs on that class path; only types of the JDK pass between the two. */
    public static final class Start {

        private Start() {}

        public static String[] beansOfOurs() {
            try (var application = new SpringApplicationBuilder(HostApplication.class).run("--server.port=0")) {
                return Arrays.stream(application.getBeanDefinitionNames())
                        .filter(name -> name.startsWith("realtime"))
                        .toArray(String[]::new);
            }
        }
    }
}
