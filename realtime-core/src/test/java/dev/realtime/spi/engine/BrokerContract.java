package dev.realtime.spi.engine;

import static dev.realtime.spi.engine.EngineCalls.get;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every {@link Broker} must do: all of its contracts, each test on engines of its own. */
public abstract class BrokerContract
        implements BrokerPositionsContract,
                BrokerOrderContract,
                BrokerHistoryContract,
                BrokerReadingContract,
                BrokerSuppressionContract,
                BrokerDeliveryContract {

    private final RecordingBrokerListener listener = new RecordingBrokerListener();

    private final RecordingBrokerListener anotherListener = new RecordingBrokerListener();

    private EngineUnderTest underTest;

    /** A new engine to test. */
    protected abstract EngineUnderTest underTest();

    @BeforeEach
    void startEngines() {
        underTest = underTest();
        EngineCalls.start(underTest.engine(), listener);
        if (underTest.another() != underTest.engine()) {
            EngineCalls.start(underTest.another(), anotherListener);
        }
    }

    @AfterEach
    void stopEngines() {
        get(underTest.engine().stop());
        get(underTest.another().stop());
        underTest.close();
    }

    @Override
    public Broker broker() {
        return underTest.engine().broker();
    }

    @Override
    public Broker another() {
        return underTest.another().broker();
    }

    @Override
    public RecordingBrokerListener listener() {
        return listener;
    }

    @Override
    public RecordingBrokerListener anotherListener() {
        return anotherListener;
    }

    @Override
    public void pass(Duration time) {
        underTest.pass(time);
    }
}
