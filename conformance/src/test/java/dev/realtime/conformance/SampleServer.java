package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the address of a sample: its packaged jar, started once as a program of its own on a free port and
 * stopped after the last test. With {@code -Dsample.url=http://...} it is one that runs already.
 */
final class SampleServer implements ParameterResolver {

    /** Key of its HTTP API, as in its {@code application.yml}. */
    static final String API_KEY = "the-sample-has-no-secrets";

    private static final Duration LONGEST_START = Duration.ofMinutes(3);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    /**
     * Makes each connection serve one request: Reactor Netty 1.3.7 may read nothing more from a connection whose next
     * request came before the last one had ended (reactor-netty issue 4361), and pages would hang now and then.
     */
    private static final String ONE_REQUEST_PER_CONNECTION = "--server.netty.max-keep-alive-requests=1";

    private static final Pattern ADDRESS = Pattern.compile("(?:Chat|Orders): (http://[^\\s,]+)");

    private static final String RUNNING_URL = System.getProperty("sample.url", "");

    /** Name of the system property with the path of the jar. */
    private final String jar;

    /** Creates the server of the chat. */
    SampleServer() {
        this("sample.jar");
    }

    private SampleServer(String jar) {
        this.jar = jar;
    }

    /** Returns the server of the order board. */
    static SampleServer orders() {
        return new SampleServer("orders.jar");
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == URI.class;
    }

    @Override
    public URI resolveParameter(ParameterContext parameter, ExtensionContext test) {
        if (!RUNNING_URL.isEmpty()) {
            return URI.create(RUNNING_URL);
        }
        return test.getRoot()
                .getStore(ExtensionContext.Namespace.create(SampleServer.class))
                .computeIfAbsent(jar, key -> Running.start(System.getProperty(key, "")), Running.class)
                .url();
    }

    private record Running(Process process, URI url) implements AutoCloseable {

        static Running start(String jar) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            try {
                Process process = new ProcessBuilder(
                                java.toString(), "-jar", jar, "--server.port=0", ONE_REQUEST_PER_CONNECTION)
                        .redirectErrorStream(true)
                        .start();
                return new Running(process, address(process, jar));
            } catch (IOException unstartable) {
                throw new UncheckedIOException(unstartable);
            }
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit()
                    .completeOnTimeout(process, LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)
                    .join();
            process.destroyForcibly();
        }

        /**
         * Waits for the line that has the address. Continues to read after it, or the sample would block on a full
         * pipe.
         */
        private static URI address(Process process, String jar) {
            CompletableFuture<URI> address = new CompletableFuture<>();
            StringBuffer output = new StringBuffer();
            Thread reader = new Thread(() -> read(process, output, address), "sample-output");
            reader.setDaemon(true);
            reader.start();
            try {
                return address.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException notStarted) {
                process.destroyForcibly();
                return fail("The sample (%s) printed no address within %s. Its output:%n%s"
                        .formatted(jar, LONGEST_START, output));
            }
        }

        private static void read(Process process, StringBuffer output, CompletableFuture<URI> address) {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    Matcher matcher = ADDRESS.matcher(line);
                    if (matcher.find()) {
                        address.complete(URI.create(matcher.group(1)));
                    }
                }
            } catch (IOException closed) {
                output.append(closed);
            }
            address.completeExceptionally(new IllegalStateException("the sample ended"));
        }
    }
}
