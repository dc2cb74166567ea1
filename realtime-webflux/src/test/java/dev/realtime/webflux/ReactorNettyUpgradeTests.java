package dev.realtime.webflux;

import org.springframework.web.reactive.HandlerMapping;

class ReactorNettyUpgradeTests extends UpgradeContract {

    @Override
    WebServer start(HandlerMapping mapping) {
        return WebServer.reactorNetty(mapping);
    }
}
