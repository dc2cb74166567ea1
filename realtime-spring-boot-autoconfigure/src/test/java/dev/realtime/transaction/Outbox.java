package dev.realtime.transaction;

import dev.realtime.api.PublishOptions;
import dev.realtime.api.RealtimeException;
import dev.realtime.api.RealtimePublisher;
import dev.realtime.api.client.EngineException;
import dev.realtime.api.data.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** Publications stored with the changes they announce, and published until that was acknowledged. */
class Outbox {

    // tag::table[]
    static final String TABLE = """
            CREATE TABLE outbox (
                id      uuid PRIMARY KEY,
                number  bigint GENERATED ALWAYS AS IDENTITY,
                channel text NOT NULL,
                data    text NOT NULL,
                stored  timestamptz NOT NULL DEFAULT now()
            )""";
    // end::table[]

    private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

    private final JdbcTemplate jdbc;

    private final RealtimePublisher publisher;

    private final JsonMapper json;

    /** How old a row must be to be published from the table: younger ones are on their way. */
    private final Duration age;

    Outbox(JdbcTemplate jdbc, RealtimePublisher publisher, JsonMapper json, Duration age) {
        this.jdbc = jdbc;
        this.publisher = publisher;
        this.json = json;
        this.age = age;
    }

    // tag::store[]
    @Transactional("blocking")
    public void order(String item) {
        jdbc.update("INSERT INTO orders (id, item) VALUES (?, ?)", UUID.randomUUID(), item);
        store("orders:all", Map.of("item", item));
    }

    private void store(String channel, Object data) {
        Row row = new Row(UUID.randomUUID(), channel, json.writeValueAsString(data));
        jdbc.update("INSERT INTO outbox (id, channel, data) VALUES (?, ?, ?)", row.id(), channel, row.data());
        publisher.publishAfterCommit(channel, row.payload(), row.once()).block();
    }

    record Row(UUID id, String channel, String data) {

        Payload payload() {
            return Payload.ofText(data);
        }

        PublishOptions once() {
            return PublishOptions.DEFAULTS.withIdempotencyKey(id.toString());
        }
    }
    // end::store[]

    // tag::relay[]
    @Scheduled(fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    @Transactional("blocking")
    public void relay() {
        List<Row> rows = jdbc.query(
                """
                SELECT id, channel, data FROM outbox WHERE stored < now() - make_interval(secs => ?)
                ORDER BY number LIMIT 100 FOR UPDATE SKIP LOCKED""",
                (row, number) ->
                        new Row(row.getObject("id", UUID.class), row.getString("channel"), row.getString("data")),
                (double) age.toSeconds());
        for (Row row : rows) {
            try {
                publisher.publish(row.channel(), row.payload(), row.once()).block(Duration.ofSeconds(10));
                jdbc.update("DELETE FROM outbox WHERE id = ?", row.id());
            } catch (RealtimeException refused) {
                logger.error("Row {} of the outbox stays there, because it is refused", row.id(), refused);
            } catch (EngineException later) {
                logger.warn("The outbox waits for the engine: {}", later.getMessage());
                return;
            }
        }
    }
    // end::relay[]
}
