package dev.realtime.spi.hook;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.data.Payload;

/**
 * Data that is published in the name of a client, instead of what it sent.
 *
 * @param data of the format the namespace asks for; anything else is refused with error 107
 */
public record ClientPublication(Payload data, PublishOptions options) {

    /**
     * This data without options.
     *
     * @param data data to publish
     * @return the publication
     */
    public static ClientPublication of(Payload data) {
        return new ClientPublication(data, PublishOptions.DEFAULTS);
    }
}
