package dev.realtime.engine.redis.generation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The replication state of a primary, read from its reply to {@code INFO}. */
class ReplicationInfoTests {

    private static final String INFO = """
            # Replication
            role:master
            connected_slaves:3
            slave0:ip=127.0.0.1,port=7001,state=online,offset=1234,lag=0
            slave1:ip=127.0.0.1,port=7002,state=wait_bgsave,offset=0,lag=0
            slave2:ip=127.0.0.1,port=7003,state=send_bulk,offset=0,lag=0
            master_replid:8c2fd2a1a1b5b5e1e0b1c1d1e1f1a1b1c1d1e1f1
            master_replid2:0000000000000000000000000000000000000000
            master_repl_offset:1234
            second_repl_offset:-1
            """.replace("\n", "\r\n");

    @Test
    void replicasInTheirFirstSynchronizationAreNotCounted() {
        ReplicationInfo info = ReplicationInfo.of("server", "run", INFO);

        assertThat(info).isNotNull().extracting(ReplicationInfo::replicas).isEqualTo(1);
    }

    @Test
    void replicasInTheirFirstSynchronizationAreNotWaitedFor() {
        ReplicationState state = ReplicationState.of(INFO, "run_id:run\r\n");

        assertThat(state).isNotNull().extracting(ReplicationState::replicated).isEqualTo(1234L);
        assertThat(state.replicas()).isOne();
    }

    @Test
    void replicaThatComesBackIsWaitedForIfItIsTheOnlyOne() {
        ReplicationState state =
                ReplicationState.of(INFO.replace("state=online", "state=wait_bgsave"), "run_id:run\r\n");

        assertThat(state).isNotNull().extracting(ReplicationState::replicated).isEqualTo(0L);
    }
}
