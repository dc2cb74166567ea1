package dev.realtime.kotlin

import dev.realtime.spi.transport.RawWebSocketClient
import org.springframework.boot.WebApplicationType
import org.springframework.boot.builder.SpringApplicationBuilder
import org.springframework.context.ConfigurableApplicationContext
import java.io.Closeable

/** A running application, and clients of it. */
class KotlinApplication(configuration: Class<*>, vararg properties: String) : Closeable {

    val context: ConfigurableApplicationContext =
        SpringApplicationBuilder(configuration)
            .web(WebApplicationType.REACTIVE)
            .properties(
                "server.port=0",
                "spring.main.banner-mode=off",
                "realtime.shutdown.spread=0s",
                "realtime.client.handler-timeout=20s",
                *properties,
            ).run()

    private val port = context.environment.getRequiredProperty("local.server.port", Int::class.java)

    fun open(): Client = Client(RawWebSocketClient.connect(port, "/connection/websocket"))

    fun connect(user: String): Client =
        open().also { it.ask("{'id':1,'connect':{'data':{'user':'$user'}}}") }

    override fun close() = context.close()

    /** A client on a socket, with JSON in single quotes. */
    class Client(private val socket: RawWebSocketClient) : Closeable {

        fun send(command: String) = socket.sendText(command.replace('\'', '"'))

        fun ask(command: String): String {
            send(command)
            return read()
        }

        fun read(): String {
            val frame = socket.read()
            return if (frame.opcode() == RawWebSocketClient.CLOSE) "closed ${frame.closeCode()}"
            else frame.text().replace('"', '\'')
        }

        fun rpc(method: String, data: String = ""): String =
            ask("{'id':3,'rpc':{'method':'$method'${if (data.isEmpty()) "" else ",'data':$data"}}}")

        fun subscribe(channel: String): String = ask("{'id':2,'subscribe':{'channel':'$channel'}}")

        override fun close() = socket.close()
    }
}
