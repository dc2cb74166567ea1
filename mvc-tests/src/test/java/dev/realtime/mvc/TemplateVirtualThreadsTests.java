package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The blocking facade on virtual threads. Skipped on Java 17, which has none. */
@EnabledForJreRange(min = JRE.JAVA_21)
@SpringBootTest(properties = "spring.threads.virtual.enabled=true")
@Import(TemplateThreads.class)
class TemplateVirtualThreadsTests extends TemplateThreadsContract {

    /** By reflection, because the tests are compiled for Java 17. */
    @Override
    void verify(Thread thread) {
        assertThat(thread).extracting("virtual").isEqualTo(true);
    }
}
