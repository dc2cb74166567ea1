package dev.realtime.kotlin

import dev.realtime.handler.OnConnect
import dev.realtime.handler.OnRpc
import dev.realtime.handler.OnSubscribe
import dev.realtime.handler.RealtimeHandler
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactor.awaitSingle
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import org.springframework.security.access.prepost.PostAuthorize
import org.springframework.security.access.prepost.PreAuthorize
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity
import org.springframework.security.config.annotation.method.configuration.EnableReactiveMethodSecurity
import org.springframework.security.core.context.ReactiveSecurityContextHolder
import kotlin.time.Duration.Companion.milliseconds

/** Method security of both kinds decides about functions that suspend and about flows. */
class KotlinMethodSecurityTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    @Import(OfficeHandlers::class)
    class Office

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableReactiveMethodSecurity
    @Import(OfficeHandlers::class)
    class ReactiveOffice

    @RealtimeHandler
    class OfficeHandlers {

        data class Hello(val user: String)

        @OnConnect
        fun connect(hello: Hello): String = hello.user

        // tag::secured[]
        @OnRpc
        @PreAuthorize("authentication.name == 'boss'")
        suspend fun salary(): String {
            delay(1.milliseconds)
            return "for ${user()} only"
        }

        private suspend fun user(): String? =
            ReactiveSecurityContextHolder.getContext().awaitSingle().authentication?.name
        // end::secured[]

        @OnRpc
        @PreAuthorize("#who == authentication.name")
        suspend fun self(who: String): String = who

        @OnSubscribe("feed")
        @PreAuthorize("authentication.name == 'boss'")
        fun feed(): Flow<String> = flow { emit("for ${user()} only") }

        @OnSubscribe("late")
        @PreAuthorize("authentication.name == 'boss'")
        suspend fun late(): Flow<String> {
            delay(1.milliseconds)
            return flow { emit("for ${user()} only") }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableMethodSecurity
    @Import(AfterTheFact::class)
    class OfficeOfAfterTheFact

    @RealtimeHandler
    class AfterTheFact {

        @OnRpc
        @PostAuthorize("returnObject == 'nothing'")
        suspend fun late(): String = "secret"
    }

    @Test
    fun annotationOnTheResultOfASuspendingFunctionIsRefusedWhereItWouldNotSeeIt() {
        assertThatThrownBy { KotlinApplication(OfficeOfAfterTheFact::class.java).close() }
            .hasStackTraceContaining("carries @PostAuthorize, which @EnableMethodSecurity would apply to")
    }

    @ParameterizedTest
    @ValueSource(classes = [Office::class, ReactiveOffice::class])
    fun annotationsAreEnforcedAsTheUser(configuration: Class<*>) {
        KotlinApplication(configuration).use { office ->
            office.connect("clerk").use {
                assertThat(it.rpc("salary")).contains("'code':103")
                assertThat(it.rpc("self", "'boss'")).contains("'code':103")
                assertThat(it.rpc("self", "'clerk'")).contains("'data':'clerk'")
                assertThat(it.subscribe("feed")).contains("'code':103")
                assertThat(it.subscribe("late")).contains("'code':103")
            }
            office.connect("boss").use {
                assertThat(it.rpc("salary")).contains("'data':'for boss only'")
                assertThat(it.subscribe("feed")).isEqualTo("{'id':2,'subscribe':{}}")
                assertThat(it.read()).contains("'data':'for boss only'")
            }
            office.connect("boss").use {
                assertThat(it.subscribe("late")).isEqualTo("{'id':2,'subscribe':{}}")
                assertThat(it.read()).contains("'data':'for boss only'")
            }
        }
    }
}
