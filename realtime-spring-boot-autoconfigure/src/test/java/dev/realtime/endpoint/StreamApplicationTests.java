package dev.realtime.endpoint;

import org.springframework.boot.WebApplicationType;

/** Streams of an application with WebFlux, on Reactor Netty. */
class StreamApplicationTests extends StreamApplicationContract {

    StreamApplicationTests() {
        super(StreamApplication.class, WebApplicationType.REACTIVE);
    }
}
