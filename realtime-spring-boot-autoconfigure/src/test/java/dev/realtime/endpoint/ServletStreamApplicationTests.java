package dev.realtime.endpoint;

import org.springframework.boot.WebApplicationType;

/** Streams of an application with Spring MVC, on Tomcat. */
class ServletStreamApplicationTests extends StreamApplicationContract {

    ServletStreamApplicationTests() {
        super(ServletStreamApplication.class, WebApplicationType.SERVLET);
    }
}
