package dev.realtime.kotlin

import dev.realtime.handler.OnRpc
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.aot.hint.RuntimeHints
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates
import kotlin.coroutines.Continuation

/** Hints for native images of functions that suspend. */
class KotlinHintsTests {

    data class Question(val text: String)

    data class Reply(val text: String)

    class Handlers {

        @OnRpc
        suspend fun ask(question: Question): Reply = Reply(question.text)
    }

    private val hints = RuntimeHints().also {
        ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(it, Handlers::class.java)
    }

    @Test
    fun functionAndTheTypesOfItsPayloadAndResultAreReachable() {
        val method = Handlers::class.java.methods.first { it.name == "ask" }

        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method)).accepts(hints)
        assertThat(RuntimeHintsPredicates.reflection().onType(Question::class.java)).accepts(hints)
        assertThat(RuntimeHintsPredicates.reflection().onType(Reply::class.java)).accepts(hints)
    }

    @Test
    fun continuationIsNoPayload() {
        assertThat(RuntimeHintsPredicates.reflection().onType(Continuation::class.java)).rejects(hints)
    }
}
