package dev.realtime.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.engine.redis.options.RedisTopology;
import dev.realtime.engine.redis.server.RedisAcl;
import org.junit.jupiter.api.Test;

/** The page about Redis prints the rights with which the tests run, and every property. */
class RedisPageTests {

    private final String page = Repository.read(Repository.ROOT.resolve("docs/redis.md"));

    @Test
    void rightsAreThoseOfTheTests() {
        String data = RedisAcl.data(RedisTopology.STANDALONE, "app", "secret", "realtime");
        String cluster = RedisAcl.data(RedisTopology.CLUSTER, "app", "secret", "realtime");

        assertThat(page).contains("ACL SETUSER " + data + "\n");
        assertThat(cluster).startsWith(data);
        assertThat(page).contains("`" + cluster.substring(data.length()).strip() + "`");
        assertThat(page).contains("ACL SETUSER " + RedisAcl.sentinel("watcher", "sees") + "\n");
    }

    @Test
    void everyPropertyIsExplained() {
        assertThat(KnownNames.properties().keySet().stream().filter(name -> name.startsWith("realtime.redis.")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(page).contains("`" + name));
    }
}
