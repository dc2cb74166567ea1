package org.springframework.samples.realtime;

import dev.realtime.handler.OnRpc;
import dev.realtime.handler.RealtimeHandler;

/** Handlers of an application whose package begins like those of Spring. */
@RealtimeHandler
public class PetHandlers {

    @OnRpc
    String pet() {
        return "cat";
    }
}
