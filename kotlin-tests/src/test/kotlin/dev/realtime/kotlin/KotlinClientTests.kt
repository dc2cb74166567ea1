package dev.realtime.kotlin

import dev.realtime.handler.ChannelVariable
import dev.realtime.handler.OnSubscribe
import dev.realtime.handler.RealtimeHandler
import dev.realtime.handler.SubscribeReply
import dev.realtime.test.RealtimeTestClients
import dev.realtime.test.autoconfigure.AutoConfigureRealtime
import kotlinx.coroutines.delay
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.test.context.SpringBootTest
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import kotlin.time.Duration.Companion.milliseconds

data class Room(val name: String)

@RealtimeHandler
class RoomHandlers {

    @OnSubscribe("room:{name}")
    suspend fun enter(@ChannelVariable name: String): SubscribeReply {
        delay(1.milliseconds)
        return if (name == "cellar") SubscribeReply.deny() else SubscribeReply.allow().withData(Room(name))
    }
}

@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(RoomHandlers::class)
class Rooms

/** The test client in Kotlin: functions that suspend are called, and data classes bind. */
@SpringBootTest(
    classes = [Rooms::class],
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = ["realtime.client.handler-timeout=20s", "realtime.channel.namespaces.room.presence=true"],
)
// tag::test[]
@AutoConfigureRealtime
class KotlinClientTests(@Autowired private val clients: RealtimeTestClients) {

    @Test
    fun `room says its name to those who enter`() {
        val ann = clients.connectAs("ann")

        val books = ann.subscribe("room:books").expectSubscribed()
        ann.subscribe("room:cellar").expectError(103)

        assertThat(books.data(Room::class.java)).isEqualTo(Room("books"))
    }
}
// end::test[]
