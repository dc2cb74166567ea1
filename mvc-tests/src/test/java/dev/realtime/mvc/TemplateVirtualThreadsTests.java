package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The blocking facade on virtual threads. On Java 17, which has none, the property has no effect. */
@SpringBootTest(properties = "spring.threads.virtual.enabled=true")
@Import(TemplateThreads.class)
class TemplateVirtualThreadsTests extends TemplateThreadsContract {

    /** By reflection, because the tests are compiled for Java 17. */
    @Override
    void verify(Thread thread) {
        if (Runtime.version().feature() >= 21) {
            assertThat(thread).extracting("virtual").isEqualTo(true);
        }
    }
}
