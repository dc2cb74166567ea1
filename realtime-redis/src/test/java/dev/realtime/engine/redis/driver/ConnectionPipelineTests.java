package dev.realtime.engine.redis.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine puts into the pipeline of each of its connections. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class ConnectionPipelineTests {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    /** Of the client's channel; counted on the event loop. */
    private int flushes;

    @AfterEach
    void end() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void commandsOfOneTurnLeaveInOneFlush() throws Exception {
        Channel channel = connect(new NettyCustomizer() {});

        int inTheTurn = channel.eventLoop()
                .submit(() -> {
                    channel.writeAndFlush("first");
                    channel.writeAndFlush("second");
                    channel.writeAndFlush("third");
                    return flushes;
                })
                .get();
        int afterIt = channel.eventLoop().submit(() -> flushes).get();

        assertThat(inTheTurn).isZero();
        assertThat(afterIt).isEqualTo(1);
    }

    @Test
    void customizerOfTheApplicationIsKept() {
        Channel channel = connect(new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel customized) {
                customized.pipeline().addLast("own", new ChannelOutboundHandlerAdapter());
            }
        });

        assertThat(channel.pipeline().get("own")).isNotNull();
    }

    private Channel connect(NettyCustomizer application) {
        ConnectionPipeline pipeline = new ConnectionPipeline(Duration.ofSeconds(5), application);
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(LocalAddress.ANY)
                .syncUninterruptibly()
                .channel();
        return new Bootstrap()
                .group(loops)
                .channel(LocalChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new FlushCounter());
                        pipeline.afterChannelInitialized(channel);
                    }
                })
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    private final class FlushCounter extends ChannelOutboundHandlerAdapter {

        @Override
        public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
        }
    }
}
