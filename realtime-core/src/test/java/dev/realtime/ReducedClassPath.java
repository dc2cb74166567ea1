package dev.realtime;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Runs code of a test on a class path that lacks some jars. */
public final class ReducedClassPath {

    private ReducedClassPath() {}

    /**
     * Calls a public static method of a public class. Only types of the JDK pass between the two class paths.
     *
     * @param leftOut paths of the jars and directories that are not there, or the last part of them
     */
    public static String[] call(Pattern leftOut, Class<?> type, String method, String... arguments) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader classes = new URLClassLoader(classPath(leftOut), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(classes);
            return (String[]) classes.loadClass(type.getName())
                    .getMethod(method, String[].class)
                    .invoke(null, (Object) arguments);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static URL[] classPath(Pattern leftOut) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> !leftOut.matcher(entry.toString()).matches()
                        && !leftOut.matcher(entry.getFileName().toString()).matches())
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
}
