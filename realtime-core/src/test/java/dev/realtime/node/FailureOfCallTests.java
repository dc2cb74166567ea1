package dev.realtime.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.RealtimeException;
import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.ClientRefusedException;
import dev.realtime.api.client.CodedException;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.EngineException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/** Failures that applications catch have one root, with a code and whether another try may succeed. */
class FailureOfCallTests {

    @Test
    void refusalHasTheCodeOfItsError() {
        CodedException refused = new RealtimeException(ClientError.NOT_AVAILABLE, "no history");

        assertThat(refused.code()).isEqualTo(108);
        assertThat(refused.temporary()).isFalse();
    }

    @Test
    void failureOfTheEngineIsTemporary() {
        CodedException failure = new EngineException("no Redis");

        assertThat(failure.code()).isEqualTo(100);
        assertThat(failure.temporary()).isTrue();
    }

    @Test
    void refusedClientHasTheCodeOfTheErrorOrOfTheDisconnect() {
        CodedException error = ClientRefusedException.with(ClientError.TOO_MANY_REQUESTS, "busy");
        CodedException reconnect = ClientRefusedException.with(Disconnect.FORCE_RECONNECT, "moved");
        CodedException end = ClientRefusedException.with(Disconnect.FORCE_DISCONNECT, "banned");

        assertThat(error.code()).isEqualTo(111);
        assertThat(error.temporary()).isTrue();
        assertThat(reconnect.code()).isEqualTo(3011);
        assertThat(reconnect.temporary()).isTrue();
        assertThat(end.temporary()).isFalse();
    }

    @Test
    void refusalSurvivesSerialization() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new RealtimeException(ClientError.UNKNOWN_CHANNEL, "no such namespace"));
        }

        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(((RealtimeException) in.readObject()).error()).isEqualTo(ClientError.UNKNOWN_CHANNEL);
        }
    }
}
