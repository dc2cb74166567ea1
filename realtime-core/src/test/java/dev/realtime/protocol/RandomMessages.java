package dev.realtime.protocol;

import dev.realtime.api.client.ClientError;
import dev.realtime.api.client.Disconnect;
import dev.realtime.api.client.Unsubscribe;
import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import dev.realtime.api.data.Publication;
import dev.realtime.api.data.StreamPosition;
import dev.realtime.json.RandomJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random commands, replies and pushes of every kind, with small and large values and with none. */
public final class RandomMessages {

    private static final String[] PIECES = {
        "a", "room", ":", "\"", "\\", "\n", "\u0001", "é", "漢", "😀", "/", " ", "x".repeat(200)
    };

    private final Random random;

    private final RandomJson json;

    public RandomMessages(long seed) {
        random = new Random(seed);
        json = new RandomJson(random, " \t");
    }

    public Command command() {
        return new Command(random.nextInt(4) == 0 ? 0xffff_ffffL : random.nextInt(1000), request());
    }

    Request request() {
        return switch (random.nextInt(11)) {
            case 0 -> new Request.Connect(text(), payload(), subs(), text(), text(), map(this::text));
            case 1 -> subscribe(text());
            case 2 -> new Request.Unsubscribe(text());
            case 3 -> new Request.Publish(text(), payload());
            case 4 -> new Request.Presence(text());
            case 5 -> new Request.PresenceStats(text());
            case 6 -> new Request.History(text(), random.nextInt(), orNull(this::position), flip());
            case 7 -> new Request.Rpc(text(), payload());
            case 8 -> new Request.Send(payload());
            case 9 -> new Request.Refresh(text());
            default -> new Request.SubRefresh(text(), text());
        };
    }

    /** Each asks for the channel of its key, as the codecs hand it out. */
    private Map<String, Request.Subscribe> subs() {
        Map<String, Request.Subscribe> subs = map(() -> subscribe(""));
        subs.replaceAll((channel, subscribe) -> subscribe.withChannel(channel));
        return subs;
    }

    private Request.Subscribe subscribe(String channel) {
        return Request.Subscribe.builder(channel)
                .token(text())
                .recover(flip())
                .epoch(text())
                .offset(number())
                .data(payload())
                .positioned(flip())
                .recoverable(flip())
                .joinLeave(flip())
                .delta(text())
                .tagsFilter(orNull(() -> filter(4)))
                .flag(flip() ? 0 : random.nextLong())
                .type(flip() ? 0 : random.nextInt())
                .build();
    }

    private FilterNode filter(int maxDepth) {
        List<FilterNode> nodes = maxDepth == 0 ? List.of() : list(() -> filter(maxDepth - 1));
        return new FilterNode(text(), text(), text(), text(), list(this::text), nodes);
    }

    Reply reply() {
        long id = random.nextInt(4) == 0 ? 0xffff_ffffL : random.nextInt(1000);
        return random.nextInt(8) == 0
                ? new Reply.Failure(id, new ClientError(random.nextInt(2000), text(), flip()))
                : new Reply.Success(id, result());
    }

    Result result() {
        return switch (random.nextInt(10)) {
            case 0 -> connectResult();
            case 1 -> subscribeResult();
            case 2 -> new Result.Unsubscribe();
            case 3 -> new Result.Publish();
            case 4 -> new Result.Presence(map(this::clientInfo));
            case 5 -> new Result.PresenceStats(natural(), natural());
            case 6 -> new Result.History(list(this::publication), position());
            case 7 -> new Result.Rpc(payload());
            case 8 -> new Result.Refresh(flip(), natural());
            default -> new Result.SubRefresh(flip(), natural());
        };
    }

    Push push() {
        return switch (random.nextInt(10)) {
            case 9 -> new Push.Compact(natural() + 1L, new Push.Pub("", publication()));
            case 0 -> new Push.Pub(text(), publication());
            case 1 -> new Push.Join(text(), clientInfo());
            case 2 -> new Push.Leave(text(), clientInfo());
            case 3 -> new Push.Unsubscribed(text(), new Unsubscribe(natural(), text()));
            case 4 -> subscribed(flip(), flip());
            case 5 -> new Push.Message(data());
            case 6 -> new Push.Connected(connectResult());
            case 7 -> new Push.Disconnected(new Disconnect(natural(), text()));
            default -> new Push.Refreshed(flip(), natural());
        };
    }

    private Push subscribed(boolean recoverable, boolean positioned) {
        StreamPosition position = recoverable || positioned ? position() : StreamPosition.NONE;
        return new Push.Subscribed(text(), recoverable, positioned, position, payload());
    }

    private Result.Connect connectResult() {
        return new Result.Connect(
                text(),
                text(),
                flip(),
                natural(),
                payload(),
                map(this::subscribeResult),
                natural(),
                flip(),
                text(),
                text(),
                flip() ? 0 : random.nextLong(Long.MAX_VALUE));
    }

    private Result.Subscribe subscribeResult() {
        return new Result.Subscribe(
                flip(),
                natural(),
                flip(),
                text(),
                list(this::publication),
                flip(),
                number(),
                flip(),
                payload(),
                flip(),
                flip(),
                flip() ? 0 : number(),
                flip() ? 0 : natural());
    }

    private Publication publication() {
        return new Publication(data(), orNull(this::clientInfo), number(), map(this::text))
                .withVersion(number())
                .withEpoch(text())
                .withDelta(delta());
    }

    /** Whether a publication may become a patch is not for clients. */
    private Publication.Delta delta() {
        return flip() ? Publication.Delta.PATCH : Publication.Delta.NONE;
    }

    private ClientInfo clientInfo() {
        return new ClientInfo(text(), text(), payload(), payload());
    }

    private StreamPosition position() {
        return new StreamPosition(number(), text());
    }

    private @Nullable Payload payload() {
        return orNull(this::data);
    }

    private Payload data() {
        return Payload.ofText(json.value(3));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int count = random.nextInt(4); count > 0; count--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private long number() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(1000);
            default -> random.nextLong();
        };
    }

    private int natural() {
        return flip() ? 0 : random.nextInt(Integer.MAX_VALUE);
    }

    private boolean flip() {
        return random.nextBoolean();
    }

    private <T> @Nullable T orNull(Supplier<T> supplier) {
        return flip() ? null : supplier.get();
    }

    private <T> List<T> list(Supplier<T> supplier) {
        List<T> list = new ArrayList<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            list.add(supplier.get());
        }
        return list;
    }

    private <T> Map<String, T> map(Supplier<T> supplier) {
        Map<String, T> map = new LinkedHashMap<>();
        for (int count = random.nextInt(3); count > 0; count--) {
            map.put(text(), supplier.get());
        }
        return map;
    }
}
