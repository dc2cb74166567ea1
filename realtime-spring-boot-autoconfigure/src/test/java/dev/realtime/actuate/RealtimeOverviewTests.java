package dev.realtime.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.actuate.RealtimeOverview.ChannelLoad;
import dev.realtime.actuate.RealtimeOverview.NamespaceLoad;
import dev.realtime.api.NodeDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What an operator sees at a glance. */
class RealtimeOverviewTests {

    private static final Function<String, String> NAMESPACE =
            channel -> channel.contains(":") ? channel.substring(0, channel.indexOf(':')) : "(none)";

    @Test
    void addsUpNodesAndGroupsChannelsByNamespace() {
        List<NodeDescription> nodes = List.of(
                new NodeDescription("1", "a", "v", 2, 1, 3, 2, 60), new NodeDescription("2", "b", "v", 3, 3, 3, 2, 1));

        RealtimeOverview overview =
                RealtimeOverview.of(8081, nodes, Map.of("chat:x", 3, "chat:y", 1, "news", 2), NAMESPACE);

        assertThat(overview)
                .isEqualTo(new RealtimeOverview(
                        nodes,
                        5,
                        3,
                        6,
                        List.of(new NamespaceLoad("(none)", 1, 2), new NamespaceLoad("chat", 2, 4)),
                        List.of(new ChannelLoad("chat:x", 3), new ChannelLoad("news", 2), new ChannelLoad("chat:y", 1)),
                        8081));
    }

    @Test
    void namesOnlyTheLargestChannels() {
        Map<String, Integer> subscribers = new HashMap<>();
        for (int number = 1; number <= 1000; number++) {
            subscribers.put("c" + number, number);
        }

        RealtimeOverview overview = RealtimeOverview.of(null, List.of(), subscribers, NAMESPACE);

        assertThat(overview.channels()).isEqualTo(1000);
        assertThat(overview.largestChannels()).hasSize(20).startsWith(new ChannelLoad("c1000", 1000));
    }
}
