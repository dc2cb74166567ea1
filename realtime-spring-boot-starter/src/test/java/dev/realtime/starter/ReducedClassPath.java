package dev.realtime.starter;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Starts the host application on a class path that lacks some jars. */
final class ReducedClassPath {

    private ReducedClassPath() {}

    /**
     * Returns the names of our beans in the application that was started and closed again.
     *
     * @param leftOut file names of the jars that are not there
     */
    static String[] beansOfOursWithout(Pattern leftOut, String... arguments) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader classes = new URLClassLoader(classPath(leftOut), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(classes);
            return (String[]) classes.loadClass(Start.class.getName())
                    .getMethod("beansOfOurs", String[].class)
                    .invoke(null, (Object) arguments);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] classPath(Pattern leftOut) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry ->
                        !leftOut.matcher(entry.getFileName().toString()).matches())
                .map(ReducedClassPath::url)
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

        public static String[] beansOfOurs(String... arguments) {
            try (var application = new SpringApplicationBuilder(HostApplication.class)
                    .properties("server.port=0")
                    .run(arguments)) {
                return Arrays.stream(application.getBeanDefinitionNames())
                        .filter(name -> name.startsWith("realtime"))
                        .toArray(String[]::new);
            }
        }
    }
}
