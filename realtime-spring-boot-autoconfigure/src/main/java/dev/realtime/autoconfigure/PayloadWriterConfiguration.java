package dev.realtime.autoconfigure;

import dev.realtime.api.PayloadWriter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** How objects of the application become JSON. */
@Configuration(proxyBeanMethods = false)
class PayloadWriterConfiguration {

    private static final String JSON_MAPPER = "tools.jackson.databind.json.JsonMapper";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadWriter.class)
    @ConditionalOnClass(name = JSON_MAPPER)
    static class WithJackson {

        /** The application's mapper; Jackson's defaults if it has none, or several and none of them primary. */
        @Bean
        PayloadWriter realtimePayloadWriter(ObjectProvider<JsonMapper> mapper) {
            return new JacksonPayloadWriter(mapper.getIfUnique(JsonMapper::shared));
        }
    }

    /** Configuration by which the application's mapper writes payloads, for instance in what a controller returns. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = JSON_MAPPER)
    static class Payloads {

        @Bean
        PayloadModule realtimePayloadModule() {
            return new PayloadModule();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadWriter.class)
    @ConditionalOnMissingClass(JSON_MAPPER)
    static class WithoutJackson {

        @Bean
        PayloadWriter realtimePayloadWriter() {
            return value -> {
                throw new IllegalArgumentException(
                        "A %s cannot be published, because Jackson is not on the class path to write it as JSON. Add spring-boot-jackson, define a bean of type %s, or publish raw bytes."
                                .formatted(value.getClass().getName(), PayloadWriter.class.getName()));
            };
        }
    }
}
