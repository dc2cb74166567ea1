package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The blocking facade on threads of the pool that Spring Boot makes. */
@SpringBootTest
@Import(TemplateThreads.class)
class TemplatePlatformThreadsTests extends TemplateThreadsContract {

    @Override
    void verify(Thread thread) {
        assertThat(thread.getName()).startsWith("task-");
    }
}
