package dev.realtime.httpapi;

import java.nio.ByteBuffer;

/**
 * Reply to a call of the HTTP API.
 *
 * @param status the HTTP status: 200, or that of the error in the transport error mode
 * @param body JSON, to be read once
 */
public record HttpApiReply(int status, ByteBuffer body) {}
