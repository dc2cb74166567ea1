package dev.realtime.hub;

import dev.realtime.spi.transport.WireForm;
import java.util.Arrays;

/**
 * What subscribers of a channel must have in common to get the same bytes. What is the same for a class is done once
 * per executor: joining of frames, counting of references and statistics.
 *
 * @param form wire form of the connection
 */
public record DeliveryClass(WireForm form) {

    private static final DeliveryClass[] PLAIN =
            Arrays.stream(WireForm.values()).map(DeliveryClass::new).toArray(DeliveryClass[]::new);

    /** Returns the class of subscribers that get everything. */
    public static DeliveryClass of(WireForm form) {
        return PLAIN[form.ordinal()];
    }
}
