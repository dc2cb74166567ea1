package dev.realtime.engine.redis.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The commands of all scripts, which the start checks the rights of. */
class ScriptRightsTests {

    /**
     * Refused by some services, and the scripts do without them; {@code ZCOUNT} only where presence is read from
     * replicas, and the primary is read where it is refused there.
     */
    private static final Set<String> NOT_NEEDED = Set.of("INFO", "TIME", "ZCOUNT");

    @Test
    void everyCommandOfAScriptIsChecked() {
        String checked = new String(Script.RIGHTS.source(), UTF_8);
        Set<String> missing = new TreeSet<>();
        for (Script script : Script.values()) {
            Pattern.compile("redis\\.p?call\\('([A-Z]+)'")
                    .matcher(new String(script.source(), UTF_8))
                    .results()
                    .map(match -> match.group(1))
                    .filter(command -> !NOT_NEEDED.contains(command) && !checked.contains("{'" + command + "'"))
                    .forEach(missing::add);
        }

        assertThat(missing).isEmpty();
    }
}
