package dev.realtime.test;

import dev.realtime.handler.OnRpc;
import dev.realtime.handler.RealtimeHandler;

@RealtimeHandler
class OtherHandlers {

    @OnRpc
    String other() {
        return "other";
    }
}
