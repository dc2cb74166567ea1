package dev.realtime.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class InsecureModeCheckTests {

    @Test
    void isSaidLoudly(CapturedOutput output) {
        InsecureModeCheck.check(client(true));

        assertThat(output).contains("WARN").contains("`realtime.client.insecure` is on: anyone may connect");
    }

    @Test
    void nothingIsSaidWhenItIsOff(CapturedOutput output) {
        InsecureModeCheck.check(client(false));

        assertThat(output).isEmpty();
    }

    private static RealtimeClientProperties client(boolean insecure) {
        return new Binder(new MapConfigurationPropertySource(Map.of("realtime.client.insecure", insecure)))
                .bindOrCreate("realtime.client", RealtimeClientProperties.class);
    }
}
