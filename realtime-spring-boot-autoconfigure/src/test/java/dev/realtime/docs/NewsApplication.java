package dev.realtime.docs;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application of the README. */
@SpringBootApplication
class NewsApplication {}
