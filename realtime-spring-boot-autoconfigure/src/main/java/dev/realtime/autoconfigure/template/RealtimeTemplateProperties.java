package dev.realtime.autoconfigure.template;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The blocking facade.
 *
 * @param timeout How long a call of RealtimeTemplate may take.
 */
@ConfigurationProperties("realtime.template")
public record RealtimeTemplateProperties(@DefaultValue("5s") Duration timeout) {}
