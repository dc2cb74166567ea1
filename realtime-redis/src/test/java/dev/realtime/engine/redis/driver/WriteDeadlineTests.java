package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.DefaultClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose peer takes nothing is closed; one that is only slow, or idle, is not. */
class WriteDeadlineTests {

    private static final int MORE_THAN_SOCKETS_HOLD = 64 * 1024 * 1024;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void peerThatTakesNothingLosesTheConnection() throws IOException {
        Channel channel = connect(Duration.ofMillis(200));

        try (Socket silent = server.accept()) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MORE_THAN_SOCKETS_HOLD]));

            assertThat(channel.closeFuture().awaitUninterruptibly(10, TimeUnit.SECONDS))
                    .as("closed")
                    .isTrue();
            assertThat(silent.isConnected()).isTrue();
        }
    }

    @Test
    void peerThatTakesSlowlyKeepsTheConnection() throws IOException {
        Channel channel = connect(Duration.ofMillis(500));

        try (Socket slow = server.accept()) {
            ChannelFuture written = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[MORE_THAN_SOCKETS_HOLD]));
            int taken = 0;
            byte[] chunk = new byte[256 * 1024];
            while (taken < MORE_THAN_SOCKETS_HOLD) {
                int read = slow.getInputStream().read(chunk);
                assertThat(read).as("bytes read after " + taken).isPositive();
                taken += read;
            }

            assertThat(written.awaitUninterruptibly(10, TimeUnit.SECONDS)).isTrue();
            assertThat(channel.isActive()).isTrue();
        }
    }

    @Test
    void connectionWithoutALimitHasNoHandler() throws IOException {
        Channel channel = connect(Duration.ZERO);

        assertThat(channel.pipeline().get(WriteDeadlineHandler.class)).isNull();
        channel.close().syncUninterruptibly();
    }

    private Channel connect(Duration timeout) {
        DefaultClientResources resources = DefaultClientResources.create();
        ConnectionPipeline pipeline = new ConnectionPipeline(timeout, resources.nettyCustomizer());
        resources.shutdown(0, 1, TimeUnit.SECONDS);
        return new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline.afterChannelInitialized(channel);
                    }
                })
                .connect(server.getLocalSocketAddress())
                .syncUninterruptibly()
                .channel();
    }
}
