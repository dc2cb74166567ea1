package dev.realtime.host;

/** Servlet containers that the application runs on; Spring Boot would take the first one of the class path. */
enum Container {
    TOMCAT("jetty.autoconfigure.servlet.Jetty"),
    JETTY("tomcat.autoconfigure.servlet.Tomcat");

    private final String other;

    Container(String other) {
        this.other = other;
    }

    /** Returns the property that selects it. */
    String property() {
        return "spring.autoconfigure.exclude=org.springframework.boot." + other + "ServletWebServerAutoConfiguration";
    }
}
