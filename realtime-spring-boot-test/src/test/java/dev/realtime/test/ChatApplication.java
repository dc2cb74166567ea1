package dev.realtime.test;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Application under test. */
@SpringBootApplication
class ChatApplication {}
