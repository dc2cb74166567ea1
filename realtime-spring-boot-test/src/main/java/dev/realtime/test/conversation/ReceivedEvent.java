package dev.realtime.test.conversation;

import tools.jackson.databind.JsonNode;

/**
 * One push of the server, as it waits to be expected.
 *
 * @param kind name of the push in the protocol: {@code pub}, {@code join}, {@code leave}, {@code unsubscribe},
 *     {@code subscribe}, {@code message}, {@code refresh}
 * @param channel empty if it belongs to none
 */
public record ReceivedEvent(String kind, String channel, JsonNode body) {}
