package dev.realtime.starter;

import dev.realtime.ReducedClassPath;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** Names of our beans in the host application, which is started and closed again. */
public final class BeansOfOurs {

    private BeansOfOurs() {}

    /** @param leftOut file names of the jars that are not there */
    static String[] without(Pattern leftOut, String... arguments) throws Exception {
        return ReducedClassPath.call(leftOut, BeansOfOurs.class, "find", arguments);
    }

    /** Called on the reduced class path. */
    public static String[] find(String... arguments) {
        try (var application = new SpringApplicationBuilder(HostApplication.class)
                .properties("server.port=0")
                .run(arguments)) {
            return Arrays.stream(application.getBeanDefinitionNames())
                    .filter(name -> name.startsWith("realtime"))
                    .toArray(String[]::new);
        }
    }
}
