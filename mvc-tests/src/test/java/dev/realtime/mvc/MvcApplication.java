package dev.realtime.mvc;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Application with Spring MVC, as most have it: controllers, a data source and Spring Security. */
@SpringBootApplication
class MvcApplication {}
