package dev.realtime.kotlin

import dev.realtime.handler.OnConnect
import dev.realtime.handler.OnRpc
import dev.realtime.handler.OnSubscribe
import dev.realtime.handler.RealtimeHandler
import dev.realtime.test.RealtimeTestClients
import dev.realtime.test.autoconfigure.AutoConfigureRealtime
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.reactor.awaitSingle
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Nested
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment
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

    /** What the clients do, whichever kind of method security decides. */
    @AutoConfigureRealtime
    abstract class Enforced(private val clients: RealtimeTestClients) {

        private fun connect(user: String) =
            clients.client().named(user).data(OfficeHandlers.Hello(user)).connect()

        @Test
        fun `clerk is denied what is the boss's`() {
            val clerk = connect("clerk")

            clerk.rpc("salary").expectError(103)
            clerk.rpc("self", "boss").expectError(103)
            assertThat(clerk.rpc("self", "clerk").data(String::class.java)).isEqualTo("clerk")
            clerk.subscribe("feed").expectError(103)
            clerk.subscribe("late").expectError(103)
        }

        @Test
        fun `boss is allowed, and is the user inside`() {
            val boss = connect("boss")

            assertThat(boss.rpc("salary").data(String::class.java)).isEqualTo("for boss only")
            for (channel in listOf("feed", "late")) {
                val feed = boss.subscribe(channel).expectSubscribed()
                assertThat(feed.awaitPublication(String::class.java)).isEqualTo("for boss only")
            }
        }
    }

    @Nested
    @SpringBootTest(classes = [Office::class], webEnvironment = WebEnvironment.NONE, properties = [TIMEOUT])
    inner class ByThread(@Autowired clients: RealtimeTestClients) : Enforced(clients)

    @Nested
    @SpringBootTest(classes = [ReactiveOffice::class], webEnvironment = WebEnvironment.NONE, properties = [TIMEOUT])
    inner class Reactive(@Autowired clients: RealtimeTestClients) : Enforced(clients)

    companion object {

        /** For a busy machine. */
        private const val TIMEOUT = "realtime.client.handler-timeout=20s"
    }
}
