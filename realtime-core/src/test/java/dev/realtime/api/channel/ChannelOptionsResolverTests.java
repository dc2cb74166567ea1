package dev.realtime.api.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.realtime.channel.ChannelNameRules;
import dev.realtime.channel.Namespaces;
import dev.realtime.channel.ValidatingOptionsResolver;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Options given at run time: they beat configuration, and keep the same rules. */
class ChannelOptionsResolverTests {

    private static final ChannelOptions CONFIGURED =
            ChannelOptions.builder().presence(true).build();

    private static final ChannelOptions RESOLVED =
            ChannelOptions.builder().joinLeave(true).build();

    private final Logger logger = (Logger) LoggerFactory.getLogger(ValidatingOptionsResolver.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private final Map<String, ChannelOptions> answers = new HashMap<>();

    private final Namespaces namespaces = new Namespaces(
            ChannelNameRules.DEFAULTS,
            CONFIGURED,
            Map.of("chat", CONFIGURED),
            namespace -> Optional.ofNullable(answers.get(namespace)));

    @BeforeEach
    void listenToTheLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private static ChannelOptions invalid(int size) {
        return ChannelOptions.builder()
                .history(new HistoryOptions(size, Duration.ZERO, HistoryOptions.DEFAULT_META_TTL))
                .build();
    }

    private Optional<ChannelOptions> optionsOf(String channel) {
        return namespaces.find(channel).map(Channel::options);
    }

    @Test
    void answerBeatsConfiguration() {
        answers.put("chat", RESOLVED);
        answers.put("", RESOLVED);

        assertThat(optionsOf("chat:room")).contains(RESOLVED);
        assertThat(optionsOf("room")).contains(RESOLVED);
    }

    @Test
    void withoutAnAnswerConfigurationHolds() {
        assertThat(optionsOf("chat:room")).contains(CONFIGURED);
        assertThat(optionsOf("room")).contains(CONFIGURED);
        assertThat(optionsOf("news:room")).isEmpty();
    }

    @Test
    void answerMakesANamespaceThatIsNotConfigured() {
        answers.put("news", RESOLVED);

        assertThat(namespaces.find("news:room")).contains(new Channel("news:room", "news", RESOLVED));
    }

    @Test
    void answerMayChange() {
        answers.put("chat", RESOLVED);
        Optional<ChannelOptions> before = optionsOf("chat:room");
        answers.put("chat", ChannelOptions.DEFAULTS);

        assertThat(before).contains(RESOLVED);
        assertThat(optionsOf("chat:room")).contains(ChannelOptions.DEFAULTS);
    }

    @Test
    void invalidAnswerIsAnUnknownNamespaceAndLoggedOnce() {
        answers.put("chat", invalid(7));

        assertThat(optionsOf("chat:room")).isEmpty();
        assertThat(optionsOf("chat:other")).isEmpty();

        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage())
                    .startsWith("The ChannelOptionsResolver gave options for namespace 'chat' that are refused, so the"
                            + " namespace does not exist: `realtime.channel.namespaces.chat.history-size` is 7 but");
        });
    }

    @Test
    void eachInvalidAnswerIsLogged() {
        answers.put("chat", invalid(1));
        optionsOf("chat:room");
        answers.put("chat", invalid(2));
        optionsOf("chat:room");
        answers.put("news", invalid(2));
        optionsOf("news:room");

        assertThat(log.list).hasSize(3);
    }

    @Test
    void correctedAnswerIsUsed() {
        answers.put("chat", invalid(1));
        optionsOf("chat:room");

        answers.put("chat", RESOLVED);

        assertThat(optionsOf("chat:room")).contains(RESOLVED);
    }

    @Test
    void endlessInvalidAnswersDoNotFillTheLog() {
        for (int i = 1; i <= 1_000; i++) {
            answers.put("chat", invalid(i));
            assertThat(optionsOf("chat:room")).isEmpty();
        }

        assertThat(log.list).hasSize(100);
    }
}
