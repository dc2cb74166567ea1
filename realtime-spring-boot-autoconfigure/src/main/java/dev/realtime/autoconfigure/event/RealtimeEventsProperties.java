package dev.realtime.autoconfigure.event;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Events of the server for the application context.
 *
 * @param queueSize Maximum number of events that wait for their listeners. More are lost, which is counted and logged.
 */
@ConfigurationProperties("realtime.events")
public record RealtimeEventsProperties(
        @DefaultValue("10000") int queueSize) {}
