package dev.realtime.test.autoconfigure;

import dev.realtime.api.RealtimePublisher;
import dev.realtime.node.NodeTime;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spi.engine.Engine;
import dev.realtime.spi.hook.TransactionHook;
import dev.realtime.test.PublicationRecorder;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.RealtimeTestClock;
import dev.realtime.test.RealtimeTestCluster;
import dev.realtime.test.RealtimeTestEngine;
import dev.realtime.test.TestParts;
import dev.realtime.test.engine.NodeEngine;
import org.mockito.Mockito;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configuration of the beans for tests, in addition to the server of the application. */
@AutoConfiguration(
        beforeName = {
            "dev.realtime.autoconfigure.RealtimeAutoConfiguration",
            "dev.realtime.autoconfigure.token.RealtimeTokenAutoConfiguration"
        })
public final class RealtimeTestAutoConfiguration {

    private static final boolean MOCKITO =
            ClassUtils.isPresent("org.mockito.Mockito", RealtimeTestAutoConfiguration.class.getClassLoader());

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    RealtimeTestClock realtimeTestClock() {
        return new RealtimeTestClock();
    }

    @Bean
    @ConditionalOnMissingBean
    NodeTime realtimeTestTime(RealtimeTestClock clock) {
        return TestParts.nodeTime(clock);
    }

    @Bean
    @ConditionalOnMissingBean
    RealtimeTestClients realtimeTestClients(
            ObjectProvider<RealtimeNode> node, RealtimeTestClock clock, ObjectProvider<JsonMapper> mapper) {
        return TestParts.clients(() -> runningNode(node), clock, () -> mapper.getIfUnique(JsonMapper::shared));
    }

    @Bean
    @ConditionalOnMissingBean
    PublicationRecorder realtimePublicationRecorder() {
        return new PublicationRecorder();
    }

    @Bean
    static BeanPostProcessor realtimeRecordingPublisher(
            ObjectProvider<PublicationRecorder> recorder,
            ObjectProvider<TransactionHook> transactions,
            ObjectProvider<RealtimeNode> node,
            ConfigurableListableBeanFactory beans) {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String beanName) {
                return bean instanceof RealtimePublisher publisher
                                && isInjectedByInterface(beans, beanName)
                                && !(MOCKITO && Mockito.mockingDetails(bean).isMock())
                        ? TestParts.recording(
                                publisher, recorder.getObject(), transactions::getIfAvailable, node::getObject)
                        : bean;
            }
        };
    }

    /** A publisher of the application's own class may be injected by that class, so it stays what it is. */
    private static boolean isInjectedByInterface(ConfigurableListableBeanFactory beans, String name) {
        if (!beans.containsBeanDefinition(name)) {
            return false;
        }
        Class<?> declared =
                beans.getMergedBeanDefinition(name).getResolvableType().resolve(Object.class);
        return declared.isInterface();
    }

    private static RealtimeNode runningNode(ObjectProvider<RealtimeNode> node) {
        RealtimeNode running = node.getIfAvailable();
        if (running == null) {
            throw new IllegalStateException("The application context has no realtime server to connect to. Remove"
                    + " `realtime.enabled=false` from this test, and check that realtime-spring-boot-starter is on"
                    + " the class path.");
        }
        return running;
    }

    /** The engine in memory, unless the test asks for that of the application. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(Engine.class)
    @ConditionalOnProperty(name = "spring.test.realtime.engine", havingValue = "memory", matchIfMissing = true)
    static class MemoryEngine {

        @Bean
        NodeEngine realtimeEngine(RealtimeTestClock clock, Environment environment) {
            return TestParts.engine(clock, environment);
        }

        @Bean
        RealtimeTestEngine realtimeTestEngine(NodeEngine engine) {
            return TestParts.faults(engine);
        }

        @Bean
        RealtimeTestCluster realtimeTestCluster(
                ObjectProvider<RealtimeNode> node,
                NodeEngine engine,
                RealtimeTestClients clients,
                RealtimeTestClock clock) {
            return TestParts.cluster(() -> runningNode(node), engine, clients, clock);
        }
    }
}
