package dev.realtime.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Script of what the clients of a replay do, one after the other. Commands are JSON with single quotes. In them
 * {@code @} ends the name of a channel, {@code $epoch(channel)} is the epoch that the channel is known to have, and
 * {@code $token(user|seconds|options)} is a token: seconds of life, 0 for no end; options {@code bad} for a wrong
 * signature, {@code channel=name} for a subscription.
 */
record ReplayScript(String name, List<Step> steps) {

    /** Command that one client sends. */
    record Step(int client, String command) {

        static Step of(int client, String command) {
            return new Step(client, command);
        }
    }

    private static final String[] NAMESPACES = {
        "plain", "here", "stream", "kept", "short", "latest", "auto", "binary", "asked"
    };

    private static final String[] DATA = {"1", "{'a':1.50,'b':[]}", "'text é'", "null", "[]", "false"};

    static ReplayScript ofSeed(long seed) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>();
        // A few, so that steps meet.
        String[] namespaces = {pick(random, NAMESPACES), pick(random, NAMESPACES)};
        int clients = 2;
        for (int client = 0; client < clients; client++) {
            steps.add(Step.of(client, "{'connect':{'token':'$token(u" + client + "|600|)'}}"));
        }
        for (int i = 0; i < 30; i++) {
            int client = random.nextInt(clients);
            steps.add(Step.of(client, command(random, client, namespaces)));
        }
        return new ReplayScript("seed " + seed, steps);
    }

    private static String pick(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String channel(Random random, String[] namespaces) {
        return switch (random.nextInt(20)) {
            case 0 -> "unknown:a@";
            case 1 -> "closed:a@";
            case 2 -> pick(random, "plain:é@", "$plain:a@", "plain:#u0@", "bare@", "");
            case 3 -> pick(random, NAMESPACES) + ":a@";
            default -> pick(random, namespaces) + ":a@";
        };
    }

    private static String command(Random random, int client, String[] namespaces) {
        String channel = channel(random, namespaces);
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3 -> subscribe(random, client, channel);
            case 4, 5 -> "{'unsubscribe':{'channel':'" + channel + "'}}";
            case 6, 7, 8, 9 ->
                "{'publish':{'channel':'" + channel + "'"
                        + (random.nextInt(6) == 0 ? "" : ",'data':" + pick(random, DATA)) + "}}";
            case 10 -> "{'presence':{'channel':'" + channel + "'}}";
            case 11 -> "{'presence_stats':{'channel':'" + channel + "'}}";
            case 12, 13 -> history(random, channel);
            case 14 ->
                pick(
                        random,
                        "{'rpc':{'method':'ping'}}",
                        "{'rpc':{'method':'ping','data':1}}",
                        "{'rpc':{}}",
                        "{'rpc':{'method':'nothing'}}",
                        "{'connect':{}}",
                        "{'connect':{'token':'$token(u" + client + "|600|)'}}");
            default -> refresh(random, client, channel);
        };
    }

    private static String subscribe(Random random, int client, String channel) {
        StringBuilder command = new StringBuilder("{'subscribe':{'channel':'" + channel + "'");
        if (random.nextInt(4) == 0) {
            command.append(",'token':'").append(token(random, client, channel)).append("'");
        }
        boolean position = random.nextInt(2) == 0;
        if (position || random.nextInt(4) == 0) {
            command.append(pick(random, ",'recover':true", ",'recover':true", ""));
        }
        if (position) {
            command.append(pick(
                    random,
                    "",
                    ",'epoch':'$epoch(" + channel + ")'",
                    ",'epoch':'$epoch(" + channel + ")'",
                    ",'epoch':'x'"));
            command.append(",'offset':").append(random.nextInt(6));
        }
        command.append(pick(random, "", "", ",'positioned':true", ",'recoverable':true", ",'flag':2"));
        return command.append("}}").toString();
    }

    private static String token(Random random, int client, String channel) {
        String options = "channel=" + channel;
        return switch (random.nextInt(6)) {
            case 0 -> "$token(u" + client + "|-5|" + options + ")";
            case 1 -> "$token(u" + client + "|600|bad," + options + ")";
            case 2 -> "$token(nobody|600|" + options + ")";
            default -> "$token(u" + client + "|" + pick(random, "600", "0") + "|" + options + ")";
        };
    }

    private static String history(Random random, String channel) {
        String since = pick(
                random,
                "",
                ",'since':{'offset':" + random.nextInt(4) + ",'epoch':'$epoch(" + channel + ")'}",
                ",'since':{'offset':" + random.nextInt(4) + "}",
                ",'since':{'offset':1,'epoch':'x'}");
        return "{'history':{'channel':'" + channel + "'"
                + pick(random, "", ",'limit':-1", ",'limit':2", ",'limit':1000") + since
                + pick(random, "", "", ",'reverse':true") + "}}";
    }

    private static String refresh(Random random, int client, String channel) {
        String user = "u" + client;
        return pick(
                random,
                "{'refresh':{'token':'$token(" + user + "|600|)'}}",
                "{'refresh':{'token':'$token(" + user + "|0|)'}}",
                "{'refresh':{'token':'$token(" + user + "|-5|)'}}",
                "{'refresh':{'token':'$token(nobody|600|)'}}",
                "{'refresh':{'token':'$token(" + user + "|600|bad)'}}",
                "{'refresh':{}}",
                "{'sub_refresh':{'channel':'" + channel + "','token':'$token(" + user + "|600|channel=" + channel
                        + ")'}}",
                "{'sub_refresh':{'channel':'" + channel + "','token':'$token(" + user + "|600|bad,channel=" + channel
                        + ")'}}",
                "{'sub_refresh':{'channel':'" + channel + "'}}");
    }
}
