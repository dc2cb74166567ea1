package dev.realtime.engine.redis.control;

import dev.realtime.api.ConnectedClient;
import dev.realtime.engine.redis.format.BinaryInput;
import dev.realtime.engine.redis.format.BinaryOutput;
import dev.realtime.spi.engine.ControlAnswer;
import dev.realtime.spi.engine.ControlQuestion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Binary forms of questions between nodes and of the replies. They begin as those of {@link ControlFormat} do, and
 * what is read throws as there.
 */
final class QuestionFormat {

    private static final int CHANNELS = 1;

    private static final int CONNECTIONS = 2;

    private static final int EMULATE = 3;

    private QuestionFormat() {}

    static byte[] write(ControlQuestion question) {
        if (question instanceof ControlQuestion.Channels channels) {
            return ControlFormat.begin(CHANNELS, 256).text(channels.pattern()).toBytes();
        }
        if (question instanceof ControlQuestion.Emulate emulate) {
            return ControlFormat.begin(EMULATE, 64 + emulate.data().length)
                    .text(emulate.session())
                    .block(emulate.data())
                    .toBytes();
        }
        return ControlFormat.begin(CONNECTIONS, 256)
                .text(((ControlQuestion.Connections) question).userId())
                .toBytes();
    }

    static ControlQuestion readQuestion(byte[] bytes) {
        BinaryInput input = new BinaryInput(bytes, 0);
        int kind = ControlFormat.kind(input);
        ControlQuestion question = switch (kind) {
            case CHANNELS -> new ControlQuestion.Channels(input.text());
            case CONNECTIONS -> new ControlQuestion.Connections(input.text());
            case EMULATE -> new ControlQuestion.Emulate(input.text(), input.block());
            default -> throw ControlFormat.unknown(kind);
        };
        input.end();
        return question;
    }

    static byte[] write(ControlAnswer answer) {
        if (answer instanceof ControlAnswer.Channels channels) {
            BinaryOutput output =
                    ControlFormat.begin(CHANNELS, 256).number(channels.clients().size());
            channels.clients()
                    .forEach((channel, clients) -> output.text(channel).number(clients));
            return output.toBytes();
        }
        if (answer instanceof ControlAnswer.Emulated emulated) {
            return ControlFormat.begin(EMULATE, 16).truth(emulated.accepted()).toBytes();
        }
        List<ConnectedClient> clients = ((ControlAnswer.Connections) answer).clients();
        BinaryOutput output = ControlFormat.begin(CONNECTIONS, 256).number(clients.size());
        for (ConnectedClient client : clients) {
            output.text(client.clientId()).text(client.userId()).text(client.nodeId());
            output.text(client.name()).text(client.version()).text(client.transport());
            output.text(client.protocol()).number(client.channels().size());
            client.channels().forEach(output::text);
            output.number(client.connectedAtMillis());
        }
        return output.toBytes();
    }

    static ControlAnswer readAnswer(byte[] bytes) {
        BinaryInput input = new BinaryInput(bytes, 0);
        int kind = ControlFormat.kind(input);
        ControlAnswer answer = switch (kind) {
            case CHANNELS -> readChannels(input);
            case CONNECTIONS -> readConnections(input);
            case EMULATE -> new ControlAnswer.Emulated(input.truth());
            default -> throw ControlFormat.unknown(kind);
        };
        input.end();
        return answer;
    }

    private static ControlAnswer readChannels(BinaryInput input) {
        Map<String, Integer> clients = new LinkedHashMap<>();
        for (int left = input.count(); left > 0; left--) {
            clients.put(input.text(), (int) input.number());
        }
        return new ControlAnswer.Channels(clients);
    }

    private static ControlAnswer readConnections(BinaryInput input) {
        List<ConnectedClient> clients = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            clients.add(new ConnectedClient(
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    input.text(),
                    readTexts(input),
                    input.number()));
        }
        return new ControlAnswer.Connections(clients);
    }

    private static List<String> readTexts(BinaryInput input) {
        List<String> texts = new ArrayList<>();
        for (int left = input.count(); left > 0; left--) {
            texts.add(input.text());
        }
        return texts;
    }
}
