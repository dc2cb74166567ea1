package dev.realtime.webflux;

import org.springframework.web.reactive.HandlerMapping;

class TomcatUpgradeTests extends UpgradeContract {

    @Override
    WebServer start(HandlerMapping mapping) throws Exception {
        return WebServer.tomcat(mapping);
    }

    @Override
    boolean takesUnderscores() {
        return false;
    }
}
