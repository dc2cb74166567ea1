package dev.realtime.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The official Python SDK, in both encodings. */
class PythonSdkConformanceTests extends SdkOfAnotherLanguage {

    PythonSdkConformanceTests(TwoNodes nodes) {
        super(nodes);
    }

    @Override
    List<String> program() {
        return List.of(Program.ofPython("python"), "src/test/python/sdk_client.py");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "protobuf"})
    void filtersAndNumbersOfChannelsHoldAfterEveryLoss(String encoding) throws Exception {
        String tagged = unique("tagged");
        String compact = unique("compact");
        try (SdkProgram program = subscribed(encoding, tagged + "+odd", compact)) {
            publish(tagged, 1, 4);
            publish(compact, 1, 4);
            program.hears(tagged, 2);
            program.hears(compact, 4);

            program.goOffline();
            publish(tagged, 5, 8);
            publish(compact, 5, 8);
            program.comeBack();
            program.hears(tagged, 4);
            program.hears(compact, 8);

            disconnect(program);
            publish(tagged, 9, 12);
            publish(compact, 9, 12);

            assertThat(program.hears(tagged, 6))
                    .isEqualTo(documents(IntStream.rangeClosed(1, 12).filter(number -> number % 2 == 1)));
            assertThat(program.hears(compact, 12)).isEqualTo(documents(IntStream.rangeClosed(1, 12)));
            assertThat(recoveries(program.awaits("subscribed", 6)))
                    .containsExactly(false, false, true, true, true, true);
        }
    }
}
