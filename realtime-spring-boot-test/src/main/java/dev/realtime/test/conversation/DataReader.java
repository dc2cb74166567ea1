package dev.realtime.test.conversation;

import dev.realtime.api.data.ClientInfo;
import dev.realtime.api.data.Payload;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Data between the types of the application and the trees of the protocol, through the application's mapper. */
public final class DataReader {

    private final Supplier<JsonMapper> mapper;

    public DataReader(Supplier<JsonMapper> mapper) {
        this.mapper = mapper;
    }

    /** Writes data as {@code RealtimePublisher} does: bytes and payloads as they are, objects as JSON. */
    public JsonNode write(Object data) {
        if (data instanceof JsonNode tree) {
            return tree;
        }
        if (data instanceof Payload payload) {
            return raw(payload.bytes());
        }
        return data instanceof byte[] bytes ? raw(bytes) : mapper.get().valueToTree(data);
    }

    private JsonNode raw(byte[] bytes) {
        return Payload.of(bytes).isJson() ? mapper.get().readTree(bytes) : JsonNodeFactory.instance.binaryNode(bytes);
    }

    public <T> T read(JsonNode data, Class<T> type, String what, Conversation conversation) {
        return wrap(type).cast(read(data, mapper.get().constructType(type), what, conversation));
    }

    @SuppressWarnings("unchecked")
    public <T> T read(JsonNode data, TypeReference<T> type, String what, Conversation conversation) {
        return (T) read(data, mapper.get().constructType(type), what, conversation);
    }

    private Object read(JsonNode data, JavaType type, String what, Conversation conversation) {
        if (type.hasRawClass(Payload.class)) {
            return payload(data);
        }
        try {
            Object read = mapper.get().treeToValue(data, type);
            if (read != null) {
                return read;
            }
        } catch (JacksonException | IllegalArgumentException failure) {
            throw conversation.failure(
                    "The data of " + what + " does not bind to " + type.toCanonical() + ": "
                            + (failure instanceof JacksonException jackson
                                    ? jackson.getOriginalMessage()
                                    : failure.getMessage())
                            + "\nReceived instead: " + data,
                    failure);
        }
        throw conversation.failure("The data of " + what + " does not bind to " + type.toCanonical()
                + ": there is none.\nReceived instead: " + data);
    }

    @SuppressWarnings("unchecked")
    private static <T> Class<T> wrap(Class<T> type) {
        return (Class<T>) MethodType.methodType(type).wrap().returnType();
    }

    private static Payload payload(JsonNode data) {
        return data.isBinary() ? Payload.of(data.binaryValue()) : Payload.ofText(data.toString());
    }

    static @Nullable Payload payloadOrNull(JsonNode data) {
        return data.isMissingNode() ? null : payload(data);
    }

    public static ClientInfo clientInfo(JsonNode info) {
        return new ClientInfo(
                info.path("user").asString(""),
                info.path("client").asString(""),
                payloadOrNull(info.path("conn_info")),
                payloadOrNull(info.path("chan_info")));
    }
}
