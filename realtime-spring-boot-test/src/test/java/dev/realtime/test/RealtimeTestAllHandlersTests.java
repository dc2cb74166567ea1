package dev.realtime.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.test.autoconfigure.RealtimeTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@RealtimeTest
class RealtimeTestAllHandlersTests {

    @Autowired
    private RealtimeTestClients clients;

    @Test
    void allHandlersAreLoadedUnlessSomeAreNamed() {
        RealtimeTestClient ann = clients.connectAs("ann");

        assertThat(ann.rpc("other").data(String.class)).isEqualTo("other");
        assertThat(ann.rpc("whoAmI").data(String.class)).isEqualTo("ann");
    }
}
