package dev.realtime.auth.token;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import java.util.HashMap;
import java.util.Map;

/** Reads the claim {@code override}: options of the namespace, each as {@code {"value": true}} or {@code false}. */
final class OverrideReader {

    private static final JsonField OVERRIDE = JsonField.of("override");

    private static final JsonField VALUE = JsonField.of("value");

    private OverrideReader() {}

    static SubscribeOverrides read(JsonInput input) throws MalformedJsonException {
        Map<String, Boolean> values = new HashMap<>();
        JsonObjects.read(input, OVERRIDE, name -> {
            switch (name) {
                case "presence", "join_leave", "force_push_join_leave", "force_recovery", "force_positioning" ->
                    readValue(input, name, values);
                default -> input.skipValue();
            }
        });
        return SubscribeOverrides.NONE
                .withPresence(values.get("presence"))
                .withJoinLeave(values.get("join_leave"))
                .withForcePushJoinLeave(values.get("force_push_join_leave"))
                .withForceRecovery(values.get("force_recovery"))
                .withForcePositioning(values.get("force_positioning"));
    }

    /** An object without the value means false, and {@code null} in place of the object that nothing is replaced. */
    private static void readValue(JsonInput input, String name, Map<String, Boolean> values)
            throws MalformedJsonException {
        if (input.peek() == '{') {
            values.put(name, false);
        }
        JsonObjects.read(input, OVERRIDE, field -> {
            if (field.equals("value")) {
                values.put(name, input.bool(VALUE));
            } else {
                input.skipValue();
            }
        });
    }
}
