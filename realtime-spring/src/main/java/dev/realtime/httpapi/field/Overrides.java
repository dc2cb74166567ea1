package dev.realtime.httpapi.field;

import static dev.realtime.httpapi.field.ApiField.FORCE_POSITIONING;
import static dev.realtime.httpapi.field.ApiField.FORCE_PUSH_JOIN_LEAVE;
import static dev.realtime.httpapi.field.ApiField.FORCE_RECOVERY;
import static dev.realtime.httpapi.field.ApiField.JOIN_LEAVE;
import static dev.realtime.httpapi.field.ApiField.OVERRIDE;
import static dev.realtime.httpapi.field.ApiField.PRESENCE;
import static dev.realtime.httpapi.field.ApiField.VALUE;

import dev.realtime.api.channel.SubscribeOverrides;
import dev.realtime.json.JsonField;
import dev.realtime.json.JsonInput;
import dev.realtime.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/** Options of the namespace that a subscribe command replaces: each an object {@code {"value": true}}. */
public final class Overrides {

    private Overrides() {}

    public static SubscribeOverrides read(JsonInput json) throws MalformedJsonException {
        if (!json.openObject(OVERRIDE)) {
            return SubscribeOverrides.NONE;
        }
        Boolean presence = null;
        Boolean joinLeave = null;
        Boolean forcePushJoinLeave = null;
        Boolean forceRecovery = null;
        Boolean forcePositioning = null;
        while (json.nextField()) {
            if (json.nameIs(PRESENCE)) {
                presence = value(json, PRESENCE);
            } else if (json.nameIs(JOIN_LEAVE)) {
                joinLeave = value(json, JOIN_LEAVE);
            } else if (json.nameIs(FORCE_PUSH_JOIN_LEAVE)) {
                forcePushJoinLeave = value(json, FORCE_PUSH_JOIN_LEAVE);
            } else if (json.nameIs(FORCE_RECOVERY)) {
                forceRecovery = value(json, FORCE_RECOVERY);
            } else if (json.nameIs(FORCE_POSITIONING)) {
                forcePositioning = value(json, FORCE_POSITIONING);
            } else {
                json.skipValue();
            }
        }
        return SubscribeOverrides.NONE
                .withPresence(presence)
                .withJoinLeave(joinLeave)
                .withForcePushJoinLeave(forcePushJoinLeave)
                .withForceRecovery(forceRecovery)
                .withForcePositioning(forcePositioning);
    }

    /** An object without {@code value} says false. */
    private static @Nullable Boolean value(JsonInput json, JsonField field) throws MalformedJsonException {
        if (!json.openObject(field)) {
            return null;
        }
        boolean value = false;
        while (json.nextField()) {
            if (json.nameIs(VALUE)) {
                value = json.bool(VALUE);
            } else {
                json.skipValue();
            }
        }
        return value;
    }
}
