package dev.realtime.conformance;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The fuzzer of {@link HttpApiFuzzConformanceTests} for a shorter time, on the server that the test is served by. */
@ExtendWith(ConformanceServer.Ours.class)
abstract class HttpApiFuzz {

    @Test
    void noRequestBreaksTheServer(URI server) {
        HttpApiFuzzConformanceTests.fuzz(
                server, ConformanceServer.API_KEY, 10, "--header", "X-Centrifugo-Error-Mode: reply");
    }
}
