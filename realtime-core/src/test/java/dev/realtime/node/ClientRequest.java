package dev.realtime.node;

import java.util.List;

/** A command of a {@link ScriptedClient}, written as {@link ScriptedClient#heard()} shows what comes back. */
abstract class ClientRequest<T extends ClientRequest<T>> {

    private final ScriptedClient client;

    private final int id;

    private final String command;

    private final StringBuilder fields = new StringBuilder();

    ClientRequest(ScriptedClient client, int id, String command) {
        this.client = client;
        this.id = id;
        this.command = command;
    }

    /** Adds a field with the JSON of its value. */
    @SuppressWarnings("unchecked")
    public T with(String field, String json) {
        fields.append(fields.isEmpty() ? "" : ",").append("'" + field + "':").append(json);
        return (T) this;
    }

    T withText(String field, String text) {
        return with(field, "'" + text + "'");
    }

    /** Sends it and lets the server do what it has to; what comes back waits to be read. */
    public ScriptedClient send() {
        return client.tell(toString());
    }

    /** Sends it and returns all messages that came back, without those that came before. */
    public List<String> messages() {
        return client.ask(toString());
    }

    /** Sends it and returns the one message that came back, which must be an error. */
    public ErrorReply error() {
        return ErrorReply.read(id, message());
    }

    String message() {
        List<String> messages = messages();
        if (messages.size() != 1) {
            throw new AssertionError("expected one reply to " + this + ", got " + messages);
        }
        return messages.get(0);
    }

    /** The frame. */
    @Override
    public String toString() {
        return "{'id':" + id + ",'" + command + "':{" + fields + "}}";
    }
}
