package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Proxy in front of two nodes, with the configuration that {@code docs/proxies.md} prints: only ports and addresses
 * are replaced, and idle limits are shortened. Two more ports break what clients try first: one drops upgrades to
 * WebSocket, the other one refuses HTTP streaming, too.
 */
final class Proxy implements AutoCloseable {

    /** Program that forwards. */
    enum Kind {
        NGINX {
            @Override
            List<String> command(Path configuration) {
                return List.of(
                        Program.onPath("nginx"),
                        "-p",
                        configuration.getParent().toString(),
                        "-c",
                        configuration.toString());
            }

            @Override
            String configuration(String page, List<Integer> ports) {
                String server = match("(?ms)^server \\{.*?^}\\n", page);
                String blocked = server.replace("        proxy_set_header Upgrade $http_upgrade;\n", "");
                String eventsOnly = blocked.replace(
                        "    location / {",
                        "    location = /connection/http_stream {\n        return 403;\n    }\n\n    location / {");
                return """
                        daemon off;
                        master_process off;
                        pid nginx.pid;
                        error_log stderr;
                        events {
                            worker_connections 1024;
                        }
                        http {
                        access_log off;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        """
                        + page.replace(server, "")
                        + listening(server, ports.get(0))
                        + listening(blocked, ports.get(1))
                        + listening(eventsOnly, ports.get(2))
                        + "}\n";
            }

            private static String listening(String server, int port) {
                return replaced(server, "listen 80;", "listen 127.0.0.1:" + port + ";");
            }
        },
        HAPROXY {
            @Override
            List<String> command(Path configuration) {
                return List.of(Program.onPath("haproxy"), "-db", "-f", configuration.toString());
            }

            @Override
            String configuration(String page, List<Integer> ports) {
                String frontend = match("(?ms)^frontend clients\\n.*?(?=^\\S)", page);
                String blocked = replaced(
                        frontend, "frontend clients\n", "frontend blocked\n    http-request del-header Upgrade\n");
                String eventsOnly = replaced(
                        blocked,
                        "frontend blocked\n",
                        "frontend events-only\n    http-request deny if { path /connection/http_stream }\n");
                return page.replace(frontend, "")
                        + listening(frontend, ports.get(0))
                        + listening(blocked, ports.get(1))
                        + listening(eventsOnly, ports.get(2));
            }

            private static String listening(String frontend, int port) {
                return replaced(frontend, "bind :80\n", "bind 127.0.0.1:" + port + "\n") + "\n";
            }
        };

        abstract List<String> command(Path configuration);

        /** @param page from the documentation, with the addresses of the nodes */
        abstract String configuration(String page, List<Integer> ports);

        private static String match(String pattern, String text) {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            return matcher.find() ? matcher.group() : fail("No match of %s in:%n%s".formatted(pattern, text));
        }

        private static String replaced(String text, String target, String replacement) {
            return text.contains(target)
                    ? text.replace(target, replacement)
                    : fail("No \"%s\" in:%n%s".formatted(target, text));
        }
    }

    /** Idle limit of the page, and a shorter one that a test can outlast. */
    private static final String IDLE_LIMIT = "60s";

    private static final String SHORT_IDLE_LIMIT = "6s";

    private static final int START_ATTEMPTS = 5;

    private static final Duration LONGEST_START = Duration.ofSeconds(20);

    private final Path directory;

    private final List<Integer> ports;

    private final Process process;

    private Proxy(Path directory, List<Integer> ports, Process process) {
        this.directory = directory;
        this.ports = ports;
        this.process = process;
    }

    static Proxy start(Kind kind, TwoNodes nodes) {
        try {
            String page = Files.readString(Program.DIRECTORY.resolveSibling("docs/proxies.md"));
            String language = kind.name().toLowerCase(Locale.ROOT);
            String printed = Kind.match("(?ms)(?<=^```" + language + "\\n).*?(?=^```$)", page);
            String ours = Kind.replaced(
                    Kind.replaced(
                            Kind.replaced(printed, "node1:8080", "127.0.0.1:" + nodes.port(0)),
                            "node2:8080",
                            "127.0.0.1:" + nodes.port(1)),
                    IDLE_LIMIT,
                    SHORT_IDLE_LIMIT);
            for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
                Proxy proxy = launched(kind, ours);
                if (proxy.isReady()) {
                    return proxy;
                }
                // Another program may have taken a port in between.
                String log = Files.readString(proxy.directory.resolve("log"));
                proxy.close();
                if (attempt == START_ATTEMPTS) {
                    return fail("%s did not start:%n%s%nwith:%n%s".formatted(kind, log, ours));
                }
            }
            throw new IllegalStateException();
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private static Proxy launched(Kind kind, String page) throws IOException {
        Path directory = Files.createTempDirectory("proxy-");
        List<Integer> ports = freePorts();
        Path configuration = Files.writeString(directory.resolve("configuration"), kind.configuration(page, ports));
        Process process = new ProcessBuilder(kind.command(configuration))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        return new Proxy(directory, ports, process);
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket third = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
    }

    /** Waits until all ports are open; returns false if the program has ended instead. */
    private boolean isReady() {
        await().atMost(LONGEST_START)
                .until(() -> !process.isAlive() || ports.stream().allMatch(Proxy::isOpen));
        return process.isAlive();
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException closed) {
            return false;
        }
    }

    /** Address that passes everything on. */
    URI url() {
        return url(0);
    }

    /** Address that drops upgrades. */
    URI blocked() {
        return url(1);
    }

    /** Address that drops upgrades and refuses HTTP streaming. */
    URI eventsOnly() {
        return url(2);
    }

    private URI url(int port) {
        return URI.create("http://127.0.0.1:" + ports.get(port));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }
}
