package dev.realtime.autoconfigure.handler;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of handler methods such as those marked with '@OnRpc'. The time a call may take is
 * 'realtime.client.handler-timeout'.
 *
 * @param concurrency Maximum number of calls of one handler method at one time. Also the most threads it uses if it
 *     blocks.
 * @param queueSize Maximum number of calls that wait for one handler method. More are refused with error 111.
 * @param exposeValidationErrors Whether error 107 names the part of the data that was wrong and the reason.
 */
@ConfigurationProperties("realtime.handlers")
public record RealtimeHandlersProperties(
        @DefaultValue("64") int concurrency,
        @DefaultValue("10000") int queueSize,
        @DefaultValue("false") boolean exposeValidationErrors) {}
