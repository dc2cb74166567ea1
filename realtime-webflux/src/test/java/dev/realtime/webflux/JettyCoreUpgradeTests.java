package dev.realtime.webflux;

import org.springframework.web.reactive.HandlerMapping;

class JettyCoreUpgradeTests extends UpgradeContract {

    @Override
    WebServer start(HandlerMapping mapping) throws Exception {
        return WebServer.jettyCore(mapping);
    }

    @Override
    boolean upgradesFromLists() {
        return false;
    }
}
