package dev.realtime.httpapi;

import java.nio.ByteBuffer;

/**
 * Reply to a call of the HTTP API.
 *
 * @param status HTTP status: 200, or that of the error in transport error mode
 * @param body JSON, readable once
 */
public record HttpApiReply(int status, ByteBuffer body) {}
