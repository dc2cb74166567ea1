package dev.realtime.engine.redis.stream;

import dev.realtime.api.data.PublishResult;

/**
 * Reply of publish.lua.
 *
 * @param result what became of the publication
 * @param generation of the server that recognized a repeated idempotency key, which may be another one than that of the
 *     position; empty if the key was new or the generation must not be read
 */
public record PublishReply(PublishResult result, String generation) {}
