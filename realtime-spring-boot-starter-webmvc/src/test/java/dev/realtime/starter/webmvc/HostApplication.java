package dev.realtime.starter.webmvc;

import dev.realtime.template.RealtimeTemplate;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with a life of its own: an API under {@code /api}, and requests that take a while. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({HostApplication.OwnApi.class, HostApplication.SlowPublication.class})
class HostApplication {

    @RestController
    @RequestMapping("/api")
    static class OwnApi {

        @GetMapping("/{method}")
        String answer(@PathVariable String method) {
            return "own " + method;
        }
    }

    /** Publishes when the test lets it. */
    @RestController
    static class SlowPublication {

        final CountDownLatch begun = new CountDownLatch(1);

        final CountDownLatch finish = new CountDownLatch(1);

        private final RealtimeTemplate realtime;

        SlowPublication(RealtimeTemplate realtime) {
            this.realtime = realtime;
        }

        @PostMapping("/slow-publication")
        String publish() throws InterruptedException {
            begun.countDown();
            finish.await();
            realtime.publish("news", "from a request");
            return "published";
        }
    }
}
