package dev.realtime.host;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What there is in the application once it has started: lines that can be compared. */
public final class HostReport {

    private HostReport() {}

    /** Starts the application, describes it and ends it. Called on several class paths. */
    public static String[] describe(String... arguments) {
        // One copy of Tomcat alone could register it, and there is one for each class path.
        TomcatURLStreamHandlerFactory.disable();
        TreeSet<String> lines = new TreeSet<>();
        // Contexts that other tests keep have threads too.
        Set<Thread> others = Set.copyOf(threads());
        try (ConfigurableApplicationContext context = SpringApplication.run(HostApplication.class, arguments)) {
            lines.add("type " + context.getClass().getName());
            lines.add("server "
                    + ((ServletWebServerApplicationContext) context)
                            .getWebServer()
                            .getClass());
            for (String bean : context.getBeanDefinitionNames()) {
                if (!bean.contains("AutoConfiguration") && !bean.contains("Configuration$")) {
                    lines.add("bean " + bean + " "
                            + ClassUtils.getUserClass(AopUtils.getTargetClass(context.getBean(bean)))
                                    .getName()
                                    .replaceAll("\\$\\$.*|jdk\\.proxy.*|/0x.*", ""));
                }
            }
            context.getBeansOfType(RequestMappingHandlerMapping.class)
                    .forEach((name, mapping) -> mapping.getHandlerMethods()
                            .keySet()
                            .forEach(request -> lines.add("mapping " + name + " " + request)));
            context.getBeansOfType(HandlerMapping.class).keySet().forEach(name -> lines.add("handlers " + name));
            context.getBean(FilterChainProxy.class)
                    .getFilterChains()
                    .forEach(chain -> chain.getFilters()
                            .forEach(filter ->
                                    lines.add("filter " + filter.getClass().getName())));
            context.getBean(PathMappedEndpoints.class).getAllPaths().forEach(path -> lines.add("endpoint " + path));
            threads().stream()
                    .filter(thread -> !others.contains(thread))
                    .map(thread -> thread.getName().replaceAll("[0-9]+", "#"))
                    // Ends when the pool of connections is full.
                    .filter(name -> !name.endsWith(":connection-adder"))
                    .forEach(name -> lines.add("threads " + name));
        }
        return lines.toArray(String[]::new);
    }

    private static List<Thread> threads() {
        Thread[] all = new Thread[Thread.activeCount() + 100];
        return List.of(Arrays.copyOf(all, Thread.enumerate(all)));
    }
}
