package dev.realtime.engine.redis;

import dev.realtime.api.data.PublishResult;

/**
 * Reply of publish.lua.
 *
 * @param result what became of the publication
 * @param generation of the server that recognized a repeated idempotency key, which may be another one than that of the
 *     position; empty if the key was new or the generation must not be read
 */
record PublishReply(PublishResult result, String generation) {}
