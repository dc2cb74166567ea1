package dev.realtime.kotlin

import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Import
import java.util.concurrent.TimeUnit

/** Handlers in Kotlin: functions that suspend, flows, nullable and default parameters, data classes. */
class KotlinHandlersTests {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ShopHandlers::class)
    class Shop

    private val handlers = application.context.getBean(ShopHandlers::class.java)

    private lateinit var client: KotlinApplication.Client

    @BeforeEach
    fun connect() {
        handlers.events.clear()
        client = application.connect("ann")
    }

    @AfterEach
    fun close() = client.close()

    private fun awaitEvent(expected: String) {
        var event: String? = ""
        while (event != null && event != expected) {
            event = handlers.events.poll(10, TimeUnit.SECONDS)
        }
        assertThat(event).isEqualTo(expected)
    }

    // ---- Connect

    @Test
    fun nullFromASuspendingConnectHandlerRefuses() {
        application.open().use {
            assertThat(it.ask("{'id':1,'connect':{}}")).isEqualTo("closed 3501")
        }
    }

    @Test
    fun suspendingHandlerIsNotifiedOfADisconnect() {
        client.close()

        awaitEvent("gone ann")
    }

    // ---- Subscribe and publish

    @ParameterizedTest
    @CsvSource(
        delimiter = '|', quoteCharacter = '"', textBlock = """
        shop:open   | {'id':2,'subscribe':{'data':{'room':'open'}}}
        shop:closed | {'id':2,'error':{'code':103,'message':'permission denied'}}
        flag:open   | {'id':2,'subscribe':{}}
        flag:closed | {'id':2,'error':{'code':103,'message':'permission denied'}}""",
    )
    fun suspendingSubscribeHandlerDecides(channel: String, reply: String) {
        assertThat(client.subscribe(channel)).isEqualTo(reply)
    }

    @Test
    fun flowFeedsItsSubscriber() {
        assertThat(client.subscribe("price:ink")).isEqualTo("{'id':2,'subscribe':{}}")
        assertThat(client.read()).contains("'data':{'item':'ink','cents':100}")
        assertThat(client.read()).contains("'data':{'item':'ink','cents':101}")
    }

    @Test
    fun flowOfASuspendingFunctionFeedsUntilItsEnd() {
        assertThat(client.subscribe("short:ink")).isEqualTo("{'id':2,'subscribe':{}}")
        assertThat(client.read()).contains("'data':'a of ink'")
        assertThat(client.read()).contains("'data':'b of ink'")
        assertThat(client.read()).contains("'unsubscribe':{'code':2000")
    }

    @Test
    fun flowIsCancelledWhenItsSubscriberLeaves() {
        client.subscribe("watched:ink")
        client.read()

        client.ask("{'id':4,'unsubscribe':{'channel':'watched:ink'}}")

        awaitEvent("cancelled ink")
    }

    @Test
    fun publishedDataClassIsReadValidatedAndChanged() {
        client.subscribe("shop:open")

        client.send("{'id':5,'publish':{'channel':'shop:open','data':{'item':'ink'}}}")

        assertThat(client.read() + client.read()).contains("'item':'INK'", "'count':1", "'id':5,'publish':{}")
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|', quoteCharacter = '"', textBlock = """
        {'item':' '}
        {'item':'ink','count':11}
        {'item':null}
        {}
        'ink'
        null""",
    )
    fun dataThatTheClassDoesNotTakeNeverReachesTheHandler(data: String) {
        assertThat(client.ask("{'id':5,'publish':{'channel':'shop:open','data':$data}}"))
            .isEqualTo("{'id':5,'error':{'code':107,'message':'bad request'}}")
    }

    @Test
    fun suspendingFunctionAwaitsWhatItPublishes() {
        client.subscribe("shop:open")

        client.send("{'id':3,'rpc':{'method':'announce','data':'sale'}}")

        assertThat(client.read() + client.read()).contains("'headline':'sale'", "'rpc':{'data':0}")
    }

    // ---- Calls

    @ParameterizedTest
    @CsvSource(
        delimiter = '|', quoteCharacter = '"', textBlock = """
        upper          | 'ink'                         | 'data':'INK'
        upper          | ""                            | 'code':107
        upper          | null                          | 'code':107
        upper          | {'a':1}                       | 'code':107
        blockingUpper  | 'ink'                         | 'data':'INK'
        blockingUpper  | ""                            | 'code':107
        greet          | 'ann'                         | 'data':'hello ann'
        greet          | ""                            | 'data':'hello stranger'
        greet          | null                          | 'data':'hello stranger'
        greetLater     | 'ann'                         | 'data':'hello ann'
        greetLater     | ""                            | {'id':3,'rpc':{}}
        page           | 2                             | 'data':[1,2]
        page           | ""                            | 'data':[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]
        pageLater      | 2                             | 'data':[1,2]
        pageLater      | ""                            | 'data':[1,2,3]
        caller         | 'client'                      | 'data':'client ann'
        caller         | ""                            | 'data':'user ann'
        parts          | {'item':'ink'}                | 'data':['ink',1,null]
        parts          | {'item':'ink','count':2}      | 'data':['ink',2,null]
        parts          | {'count':2}                   | 'code':107
        parts          | {'item':'ink','count':'many'} | 'code':107
        orderAll       | [{'item':'ink','count':2}]    | 'data':2
        orderAll       | [{'item':' ','count':2}]      | 'code':107
        noteAll        | [' ']                         | 'code':107
        noteAll        | ['ink']                       | 'data':1
        short          | 'ink'                         | 'data':'ink'
        short          | ' '                           | 'code':107
        refuse         | ""                            | 'error':{'code':1001,'message':'sold out'}
        refuseBlocking | ""                            | 'error':{'code':1002,'message':'closed'}
        buy            | ""                            | 'error':{'code':1003,'message':'sold out'}
        fail           | ""                            | 'code':100,'message':'internal server error','temporary':true
        nothing        | ""                            | {'id':3,'rpc':{}}""",
    )
    fun callIsAnswered(method: String, data: String?, reply: String) {
        assertThat(client.rpc(method, data ?: "")).contains(reply)
    }

    @Test
    fun coroutineThatTakesTooLongIsCancelled() {
        assertThat(client.rpc("slow")).contains("'code':100", "'temporary':true")

        awaitEvent("cancelled slow")
    }

    @Test
    fun coroutineOfAClientThatIsGoneIsCancelled() {
        client.send("{'id':3,'rpc':{'method':'slow'}}")
        client.close()

        awaitEvent("cancelled slow")
    }

    companion object {

        private lateinit var application: KotlinApplication

        @BeforeAll
        @JvmStatic
        fun start() {
            application =
                KotlinApplication(
                    Shop::class.java,
                    "realtime.client.handler-timeout=6s",
                    *listOf("shop", "flag", "price", "short", "watched")
                        .map { "realtime.channel.namespaces.$it.presence=false" }
                        .toTypedArray(),
                )
        }

        @AfterAll
        @JvmStatic
        fun stop() = application.close()
    }
}
