package dev.realtime.kotlin

import dev.realtime.api.RealtimePublisher
import dev.realtime.api.client.ClientIdentity
import dev.realtime.handler.ChannelVariable
import dev.realtime.handler.HandlerException
import dev.realtime.handler.OnConnect
import dev.realtime.handler.OnDisconnect
import dev.realtime.handler.OnPublish
import dev.realtime.handler.OnRpc
import dev.realtime.handler.OnSubscribe
import dev.realtime.handler.PublishReply
import dev.realtime.handler.RealtimeHandler
import dev.realtime.handler.SubscribeReply
import jakarta.validation.Valid
import jakarta.validation.constraints.Max
import jakarta.validation.constraints.Min
import jakarta.validation.constraints.NotBlank
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.isActive
import kotlinx.coroutines.reactor.awaitSingle
import org.springframework.messaging.handler.annotation.MessageExceptionHandler
import java.util.concurrent.BlockingQueue
import java.util.concurrent.LinkedBlockingQueue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Handlers as applications in Kotlin write them. */
@RealtimeHandler
class ShopHandlers(private val publisher: RealtimePublisher) {

    val events: BlockingQueue<String> = LinkedBlockingQueue()

    // ---- Connect

    data class Hello(val user: String?)

    @OnConnect
    suspend fun connect(hello: Hello?): String? {
        delay(1.milliseconds)
        return hello?.user
    }

    @OnDisconnect
    suspend fun gone(client: ClientIdentity) {
        delay(1.milliseconds)
        events.add("gone ${client.userId()}")
    }

    // ---- Subscribe

    // tag::suspend[]
    @OnSubscribe("shop:{room}")
    suspend fun enter(@ChannelVariable room: String): SubscribeReply =
        if (isOpen(room)) SubscribeReply.allow().withData(mapOf("room" to room)) else SubscribeReply.deny()
    // end::suspend[]

    @OnSubscribe("flag:{room}")
    suspend fun flag(@ChannelVariable room: String): Boolean = isOpen(room)

    private suspend fun isOpen(room: String): Boolean {
        delay(1.milliseconds)
        return room == "open"
    }

    // tag::flow[]
    @OnSubscribe("price:{item}")
    fun prices(@ChannelVariable item: String): Flow<Price> = flow {
        var cents = 100
        while (currentCoroutineContext().isActive) {
            emit(Price(item, cents++))
            delay(1.seconds)
        }
    }

    data class Price(val item: String, val cents: Int)
    // end::flow[]

    @OnSubscribe("short:{item}")
    suspend fun shortFeed(@ChannelVariable item: String): Flow<String> {
        delay(1.milliseconds)
        return flowOf("a", "b").map { "$it of $item" }.onCompletion { events.add("ended $item") }
    }

    @OnSubscribe("watched:{item}")
    fun watched(@ChannelVariable item: String): Flow<Int> =
        flow {
            emit(1)
            delay(60.seconds)
        }.onCompletion { events.add("cancelled $item") }

    // ---- Publish

    @OnRpc
    suspend fun announce(headline: String): Long = publishAndAwait(headline)

    // tag::publish[]
    suspend fun publishAndAwait(headline: String): Long =
        publisher.publish("shop:open", mapOf("headline" to headline)).awaitSingle().position().offset()
    // end::publish[]

    // tag::validated[]
    data class Order(
        @NotBlank val item: String,
        @Min(1) @Max(10) val count: Int = 1,
        val note: String?,
    )

    @OnPublish("shop:{room}")
    suspend fun order(@Valid order: Order): PublishReply =
        PublishReply.of(order.copy(item = order.item.uppercase()))
    // end::validated[]

    // ---- Calls

    @OnRpc
    suspend fun upper(text: String): String = text.uppercase()

    @OnRpc
    fun blockingUpper(text: String): String = text.uppercase()

    // tag::nullable[]
    @OnRpc
    fun greet(name: String?): String = "hello ${name ?: "stranger"}"

    @OnRpc
    fun page(size: Int = 20): List<Int> = (1..size).toList()
    // end::nullable[]

    @OnRpc
    suspend fun greetLater(name: String?): String? = name?.let { "hello $it" }

    @OnRpc
    suspend fun pageLater(size: Int = 3): List<Int> = (1..size).toList()

    @OnRpc
    suspend fun caller(client: ClientIdentity, prefix: String = "user"): String = "$prefix ${client.userId()}"

    @OnRpc
    fun parts(order: Order): List<Any?> = listOf(order.item, order.count, order.note)

    @OnRpc
    suspend fun orderAll(@Valid orders: List<Order>): Int = orders.sumOf { it.count }

    @OnRpc
    suspend fun noteAll(notes: List<@NotBlank String>): Int = notes.size

    @OnRpc
    suspend fun short(@NotBlank text: String): String = text

    @OnRpc
    suspend fun refuse(): String = throw HandlerException(1001, "sold out")

    @OnRpc
    fun refuseBlocking(reason: String = "closed"): String = throw HandlerException(1002, reason)

    @OnRpc
    suspend fun fail(): String {
        delay(1.milliseconds)
        error("a defect")
    }

    // tag::cancelled[]
    @OnRpc
    suspend fun slow(): String {
        try {
            delay(60.seconds)
            return "done"
        } finally {
            events.add("cancelled slow")
        }
    }
    // end::cancelled[]

    class SoldOut : RuntimeException()

    @OnRpc
    suspend fun buy(): String = throw SoldOut()

    @MessageExceptionHandler
    suspend fun soldOut(failure: SoldOut) {
        delay(1.milliseconds)
        throw HandlerException(1003, "sold out")
    }

    @OnRpc
    suspend fun nothing() = delay(1.milliseconds)
}
