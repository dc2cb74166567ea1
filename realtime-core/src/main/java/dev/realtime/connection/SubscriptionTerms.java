package dev.realtime.connection;

import dev.realtime.api.data.StreamPosition;
import dev.realtime.spi.auth.SubscriptionGrant;

/**
 * Parameters with which a permitted subscription is opened.
 *
 * @param grant what comes with the permission
 * @param serverSide whether the server subscribes the client
 * @param positioned whether offsets are watched; {@code recoverable} implies it
 * @param recoverable whether the client may recover in the channel
 * @param joinLeave whether join and leave are delivered
 * @param recover whether the client asks to recover
 * @param since position the client names, with or without {@code recover}; {@link StreamPosition#NONE} if it names none
 * @param rejectUnrecoverable whether a position that cannot be recovered is error 112
 */
public record SubscriptionTerms(
        SubscriptionGrant grant,
        boolean serverSide,
        boolean positioned,
        boolean recoverable,
        boolean joinLeave,
        boolean recover,
        StreamPosition since,
        boolean rejectUnrecoverable) {}
