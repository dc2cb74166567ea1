package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/bring-programs} on a machine that has only the programs that a test puts there. */
class BringProgramsTests {

    @TempDir
    private Path programs;

    private Path calls;

    @BeforeEach
    void machineWithoutRedisAndNode() throws IOException {
        calls = programs.resolve("calls");
        Files.createFile(calls);
        for (String present : List.of("chromium", "curl", "python3", "initdb", "go", "nginx", "haproxy")) {
            program(present, "exit 0");
        }
        for (String recorded : List.of("systemctl", "service", "invoke-rc.d", "tee", "chmod", "rm")) {
            program(recorded, "echo \"" + recorded + " $*\" >>\"$CALLS\"");
        }
        program("sudo", "exec \"$@\"");
        program("env", "while [[ $1 == *=* ]]; do shift; done; exec \"$@\"");
        program("grep", "exit 1");
        // An apt-get that puts an empty program in place; NodeSource's nodejs brings npm and conflicts with the
        // package.
        program("apt-get", """
                echo "apt-get $*" >>"$CALLS"
                put() { echo '#!/bin/bash' >"$1"; /bin/chmod +x "$1"; }
                for package in "$@"; do
                  case $package in
                    npm) if [[ $NODE == nodesource ]]; then exit 100; fi; put "$PROGRAMS/npm" ;;
                    nodejs) put "$PROGRAMS/node"; if [[ $NODE == nodesource ]]; then put "$PROGRAMS/npm"; fi ;;
                    redis-server | nginx) put "$PROGRAMS/$package" ;;
                  esac
                done""");
    }

    private void program(String name, String text) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/bash\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int run(String node) throws Exception {
        ProcessBuilder script = new ProcessBuilder(
                "/bin/bash", Repository.ROOT.resolve("scripts/bring-programs").toString());
        script.environment().clear();
        script.environment()
                .putAll(Map.of(
                        "PATH", programs.toString(),
                        "PROGRAMS", programs.toString(),
                        "CALLS", calls.toString(),
                        "SERVERS", programs.resolve("sbin").toString(),
                        "NODE", node));
        script.redirectErrorStream(true)
                .redirectOutput(programs.resolve("output").toFile());
        Process process = script.start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void nodeOfNodeSourceBringsItsNpm() throws Exception {
        assertThat(run("nodesource")).isZero();

        assertThat(Files.readAllLines(calls))
                .filteredOn(call -> call.contains(" install "))
                .singleElement()
                .asString()
                .endsWith(" redis-server nodejs");
    }

    @Test
    void npmOfTheDistributionIsInstalledAfterItsNode() throws Exception {
        assertThat(run("debian")).isZero();

        assertThat(Files.readAllLines(calls))
                .filteredOn(call -> call.contains(" install "))
                .hasSize(2)
                .last()
                .asString()
                .endsWith(" npm");
    }

    @Test
    void proxiesAreInstalledUnlessTheyAreWhereOnlyTheAdministratorLooks() throws Exception {
        Files.delete(programs.resolve("nginx"));
        Files.delete(programs.resolve("haproxy"));
        Files.createDirectory(programs.resolve("sbin"));
        program("sbin/haproxy", "exit 0");

        assertThat(run("nodesource")).isZero();

        assertThat(Files.readAllLines(calls))
                .filteredOn(call -> call.contains(" install "))
                .singleElement()
                .asString()
                .endsWith(" redis-server nodejs nginx");
    }

    @Test
    void servicesAreNeitherStoppedNorDisabled() throws Exception {
        assertThat(run("debian")).isZero();

        assertThat(Files.readAllLines(calls))
                .noneMatch(call ->
                        call.startsWith("systemctl") || call.startsWith("service") || call.startsWith("invoke"));
    }

    @Test
    void whatCannotBeInstalledIsNamed() throws Exception {
        Files.delete(programs.resolve("apt-get"));
        Files.delete(programs.resolve("initdb"));
        Files.delete(programs.resolve("go"));

        assertThat(run("debian")).isEqualTo(1);

        assertThat(Files.readString(programs.resolve("output")))
                .contains("redis-server  Redis", "node          Node.js", "go            Go, 1.19");
    }
}
