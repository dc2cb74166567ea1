package dev.realtime.docs;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** The application of the README. Does not scan: the examples beside it belong to other pages. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({News.class, BlockingNews.class})
class NewsApplication {}
