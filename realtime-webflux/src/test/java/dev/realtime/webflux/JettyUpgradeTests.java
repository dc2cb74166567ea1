package dev.realtime.webflux;

import org.springframework.web.reactive.HandlerMapping;

class JettyUpgradeTests extends UpgradeContract {

    @Override
    WebServer start(HandlerMapping mapping) throws Exception {
        return WebServer.jetty(mapping);
    }

    @Override
    boolean upgradesFromLists() {
        return false;
    }
}
