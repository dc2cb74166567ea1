package dev.realtime.autoconfigure.payload;

import dev.realtime.api.PayloadReader;
import dev.realtime.api.PayloadWriter;
import dev.realtime.autoconfigure.ConditionalOnNode;
import dev.realtime.autoconfigure.RealtimeAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Conversion of the application's objects to JSON and back. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnNode
public final class RealtimePayloadAutoConfiguration {

    private static final String JSON_MAPPER = "tools.jackson.databind.json.JsonMapper";

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadWriter.class)
    @ConditionalOnClass(name = JSON_MAPPER)
    static class JacksonWriter {

        /** Uses the application's mapper; Jackson's defaults if it has none, or several and none of them primary. */
        @Bean
        PayloadWriter realtimePayloadWriter(ObjectProvider<JsonMapper> mapper) {
            return new JacksonPayloadWriter(mapper.getIfUnique(JsonMapper::shared));
        }
    }

    /** Module for the application's mapper, for payloads in results of controllers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = JSON_MAPPER)
    static class JacksonModule {

        @Bean
        PayloadModule realtimePayloadModule() {
            return new PayloadModule();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadWriter.class)
    @ConditionalOnMissingClass(JSON_MAPPER)
    static class MissingWriter {

        @Bean
        PayloadWriter realtimePayloadWriter() {
            return value -> {
                throw new IllegalArgumentException(
                        ("A %s cannot be published, because Jackson is not on the class path to write "
                                        + "it as JSON. Add spring-boot-jackson, define a bean of type %s, or publish "
                                        + "raw bytes.")
                                .formatted(value.getClass().getName(), PayloadWriter.class.getName()));
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadReader.class)
    @ConditionalOnClass(name = JSON_MAPPER)
    static class JacksonReader {

        /** Uses the application's mapper; Jackson's defaults if it has none, or several and none of them primary. */
        @Bean
        PayloadReader realtimePayloadReader(ObjectProvider<JsonMapper> mapper) {
            return new JacksonPayloadReader(mapper.getIfUnique(JsonMapper::shared));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(PayloadReader.class)
    @ConditionalOnMissingClass(JSON_MAPPER)
    static class MissingReader {

        @Bean
        PayloadReader realtimePayloadReader() {
            return (payload, type) -> {
                throw new IllegalStateException(
                        ("A payload cannot be read as %s, because Jackson is not on the class path. "
                                        + "Add spring-boot-jackson, define a bean of type %s, or take the payload as it"
                                        + " is.")
                                .formatted(type.getTypeName(), PayloadReader.class.getName()));
            };
        }
    }
}
