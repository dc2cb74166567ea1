package dev.realtime.transaction;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of its own, made of the programs on this machine: a fresh cluster in a temporary directory, on a
 * free port of the loopback, gone when closed. PostgreSQL refuses to run as root, so where the tests do, it runs as the
 * system user that its package brings.
 */
final class PostgresServer implements AutoCloseable {

    private static final String USER = "postgres";

    private final Path directory;

    private final int port;

    private final Process server;

    private PostgresServer(Path directory, int port, Process server) {
        this.directory = directory;
        this.port = port;
        this.server = server;
    }

    static PostgresServer start() throws IOException, InterruptedException {
        Path programs = programs();
        Path directory = Files.createTempDirectory("realtime-postgres");
        if (isRoot()) {
            run(List.of("chown", USER, directory.toString()));
        }
        Path data = directory.resolve("data");
        run(asUser(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--auth=trust",
                "--username=" + USER,
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C"));
        int port = freePort();
        Process server = new ProcessBuilder(asUser(
                        programs.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        PostgresServer started = new PostgresServer(directory, port, server);
        started.awaitReady();
        return started;
    }

    private static Path programs() throws IOException {
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                return versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .max(Path::compareTo)
                        .orElseThrow(PostgresServer::missing);
            }
        }
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, "initdb"))) {
                return Path.of(directory);
            }
        }
        throw missing();
    }

    private static IllegalStateException missing() {
        return new IllegalStateException(
                "The programs of PostgreSQL were not found. Install the package postgresql, as scripts/test does.");
    }

    private static List<String> asUser(String... command) {
        List<String> whole = new ArrayList<>();
        if (isRoot()) {
            whole.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        whole.addAll(List.of(command));
        return whole;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException("'" + String.join(" ", command) + "' failed: " + output);
        }
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                DriverManager.getConnection(jdbcUrl()).close();
                return;
            } catch (SQLException notYet) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    close();
                    throw new IllegalStateException("PostgreSQL did not start", notYet);
                }
                Thread.sleep(100);
            }
        }
    }

    int port() {
        return port;
    }

    String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=" + USER;
    }

    String r2dbcUrl() {
        return "r2dbc:postgresql://" + USER + "@127.0.0.1:" + port + "/postgres";
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
            run(List.of("rm", "-rf", directory.toString()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
