package dev.realtime.endpoint;

import dev.realtime.api.data.Payload;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.auth.Authentication;
import dev.realtime.spi.auth.Authenticator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.core.publisher.Mono;

/** An application with the API on a real server at a free port. */
public final class ApiServer implements AutoCloseable {

    static final String KEY = "k-7f3b9d1c5e8a2460b1d39af4";

    private final HttpClient client = HttpClient.newHttpClient();

    private final Stack stack;

    private final ConfigurableApplicationContext context;

    private ApiServer(Stack stack, ConfigurableApplicationContext context) {
        this.stack = stack;
        this.context = context;
    }

    /** Starts one with a key and these further properties, such as {@code realtime.http-api.prefix=/x}. */
    public static ApiServer start(Stack stack, String... properties) {
        return start(
                stack,
                Application.class,
                Stream.concat(Stream.of("realtime.http-api.key=" + KEY), Stream.of(properties)));
    }

    static ApiServer start(Stack stack, Class<?> application, Stream<String> properties) {
        return start(stack, application, properties, context -> {});
    }

    static ApiServer start(
            Stack stack,
            Class<?> application,
            Stream<String> properties,
            ApplicationContextInitializer<ConfigurableApplicationContext> initializer) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "realtime.channel.namespaces.plain.presence=false",
                "realtime.channel.namespaces.binary.publication-data-format=binary",
                "realtime.channel.namespaces.object.publication-data-format=json_object",
                "realtime.channel.namespaces.kept.history-size=100",
                "realtime.channel.namespaces.kept.history-ttl=1h",
                "realtime.channel.namespaces.state.allowed-delta-types=fossil",
                "realtime.channel.namespaces.state.allow-subscribe-for-client=true",
                "realtime.channel.namespaces.state.allow-subscribe-for-anonymous=true",
                "realtime.channel.namespaces.met.presence=true",
                "realtime.channel.namespaces.met.allow-subscribe-for-client=true",
                "realtime.channel.namespaces.met.allow-subscribe-for-anonymous=true"));
        properties.forEach(all::add);
        return new ApiServer(
                stack,
                new SpringApplicationBuilder(application, OwnLoops.class)
                        .web(stack.type())
                        .initializers(initializer)
                        .properties(all.toArray(String[]::new))
                        .run());
    }

    /** Starts another one on the same stack. */
    ApiServer another(String... properties) {
        return start(stack, properties);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Clients connected to it. */
    public long clients() {
        return context.getBean(RealtimeNode.class).statistics().connections();
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    public URI uri(String path) {
        return URI.create("http://localhost:" + port() + path);
    }

    /** Calls a method with the key. Headers are names and values in turn. */
    public Answer call(String method, String body, String... headers) {
        return send(request("/api/" + method, headers)
                .header("X-API-Key", KEY)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        for (int index = 0; index < headers.length; index += 2) {
            request.header(headers[index], headers[index + 1]);
        }
        return request;
    }

    public Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    @Override
    public String toString() {
        return stack.name();
    }

    /** What came back. */
    public record Answer(int status, String contentType, String body) {

        /** A reply of the API. */
        static Answer json(String body) {
            return new Answer(200, "application/json", body);
        }

        /** An error of the API, in its reply. */
        static Answer error(int code, String message) {
            return json("{\"error\":{\"code\":%d,\"message\":\"%s\"}}".formatted(code, message));
        }

        /** A refusal of the request as a whole. */
        static Answer refusal(int status, String text) {
            return new Answer(status, "text/plain;charset=UTF-8", text + "\n");
        }
    }

    /** Clients have the user id they claim, in the channels the application has for its users. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        Authenticator authenticator() {
            return context -> Mono.just(Authentication.of(
                            context.data() == null ? "" : context.data().text().replace("\"", ""))
                    .withInfo(Payload.ofText("{\"is\":\"here\"}")));
        }
    }

    /** Else the first server to stop would take the event loops of the others with it. */
    @Configuration(proxyBeanMethods = false)
    static class OwnLoops {

        @Bean
        ReactorResourceFactory loops() {
            ReactorResourceFactory loops = new ReactorResourceFactory();
            loops.setUseGlobalResources(false);
            return loops;
        }
    }
}
