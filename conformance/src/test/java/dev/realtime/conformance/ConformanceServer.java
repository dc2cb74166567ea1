package dev.realtime.conformance;

import java.net.URI;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Gives tests the address of the server the SDKs talk to: {@link ConformanceApplication} on a free port, started once
 * for each {@link ServedBy} and stopped after the last test.
 *
 * <p>With {@code -Dreference.url=http://...} it is a reference server instead, already running with the configuration
 * in {@code src/test/reference}: what passes there and here behaves the same.
 */
final class ConformanceServer implements ParameterResolver {

    /** Key of the HTTP API, of the reference server as well. */
    static final String API_KEY = "conformance-tests-and-nothing-else";

    private static final String REFERENCE_URL = System.getProperty("reference.url", "");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == URI.class;
    }

    @Override
    public URI resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return REFERENCE_URL.isEmpty() ? ours(test) : URI.create(REFERENCE_URL);
    }

    private static URI ours(ExtensionContext test) {
        ServedBy server = server(test.getRequiredTestClass());
        return test.getRoot()
                .getStore(ExtensionContext.Namespace.create(ConformanceServer.class))
                .computeIfAbsent(server, ConformanceServer::start, Running.class)
                .url();
    }

    /** Returns what the outermost class asks for; it is Reactor Netty if it asks for nothing. */
    private static ServedBy server(Class<?> test) {
        Class<?> outermost = test.getNestHost();
        ServedBy server = outermost.getAnnotation(ServedBy.class);
        return server != null ? server : OnReactorNetty.class.getAnnotation(ServedBy.class);
    }

    @ServedBy(WebServer.REACTOR_NETTY)
    private static final class OnReactorNetty {}

    /** The same, but never a reference server: for what only ours has. */
    static final class Ours implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == URI.class;
        }

        @Override
        public URI resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return ours(test);
        }
    }

    private static Running start(ServedBy server) {
        ConfigurableApplicationContext context = server.value()
                .application(ConformanceApplication.class, "conformance")
                .properties("spring.threads.virtual.enabled=" + server.virtualThreads())
                .run();
        return new Running(
                URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port")), context);
    }

    private record Running(URI url, ConfigurableApplicationContext context) implements AutoCloseable {

        @Override
        public void close() {
            context.close();
        }
    }
}
