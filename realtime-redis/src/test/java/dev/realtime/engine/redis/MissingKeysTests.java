package dev.realtime.engine.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** The end of the creation of keys, which the lane of a partition waits for. */
class MissingKeysTests {

    @Test
    void creationEndsWhereThereIsNoConnection() {
        RedisLink link = (RedisLink) Proxy.newProxyInstance(
                RedisLink.class.getClassLoader(), new Class<?>[] {RedisLink.class}, (proxy, method, arguments) -> {
                    throw new StillConnectingException("The connection is still being opened");
                });
        ScriptRequest<Long> request = new ScriptRequest<>(
                Script.HISTORY,
                1,
                new byte[][] {{1}, {2}},
                new byte[][] {},
                ScriptRequest::number,
                true,
                "History of channel",
                "chat");

        assertThat(new MissingKeys(link, request).create()).isCompleted();
    }
}
