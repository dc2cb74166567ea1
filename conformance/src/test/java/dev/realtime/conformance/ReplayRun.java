package dev.realtime.conformance;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Run of a script against a server, with what came of it for comparison: client ids and epochs by the order
 * in which they were first seen, times left out, pushes in an order of their own. Each run has channels of its own.
 */
final class ReplayRun {

    private static final Pattern EPOCH = Pattern.compile("\\$epoch\\(([^)]*)\\)");

    private static final Pattern TOKEN = Pattern.compile("\\$token\\(([^|]*)\\|([^|]*)\\|([^)]*)\\)");

    private final URI server;

    private final boolean protobuf;

    private final String run = "~" + Long.toString(new SecureRandom().nextLong() >>> 24, 36);

    private final Map<Integer, ReplayClient> clients = new TreeMap<>();

    private final Map<String, String> clientNames = new HashMap<>();

    private final Map<String, String> epochNames = new HashMap<>();

    private final Map<String, String> epochOf = new HashMap<>();

    private final List<String> transcript = new ArrayList<>();

    /** By client: their time relative to replies to others depends on threads, but their order does not. */
    private final Map<Integer, List<String>> pushes = new TreeMap<>();

    private final boolean epochsOfPublications;

    private ReplayRun(URI server, boolean protobuf, boolean epochsOfPublications) {
        this.server = server;
        this.protobuf = protobuf;
        this.epochsOfPublications = epochsOfPublications;
    }

    /**
     * What came: a line for each step and each answer, then the pushes of each client.
     *
     * @param epochsOfPublications whether the epochs of publications are kept, see
     *     {@link IntendedDifference#EPOCH_OF_PUBLICATIONS}
     */
    static List<String> of(ReplayScript script, URI server, boolean protobuf, boolean epochsOfPublications) {
        ReplayRun run = new ReplayRun(server, protobuf, epochsOfPublications);
        try {
            for (int i = 0; i < script.steps().size(); i++) {
                run.play(i + 1, script.steps().get(i));
            }
            run.takeAll(0, 0, "");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            run.clients.values().forEach(ReplayClient::close);
        }
        run.pushes.values().forEach(run.transcript::addAll);
        return run.transcript;
    }

    private void play(int number, ReplayScript.Step step) throws InterruptedException {
        transcript.add(step.client() + " > " + step.command());
        long id = number;
        ObjectNode command = WireSchema.parse(substituted(step.command()));
        command.put("id", id);
        String channel = channelOf(command);
        ReplayClient client = clients.get(step.client());
        if (client == null || client.ended()) {
            client = new ReplayClient(server, protobuf);
            closeAndReplace(step.client(), client);
            if (!command.has("connect")) {
                client.send(WireSchema.parse(
                        substituted("{'id':%d,'connect':{'token':'$token(u%d|600|)'}}".formatted(id, step.client()))));
                note(step.client(), channel, List.of(client.first()));
            }
        }
        client.send(command);
        if (command.has("connect") && client.isNew()) {
            note(step.client(), channel, List.of(client.first()));
            id = 0;
        }
        takeAll(step.client(), id, channel);
    }

    private void takeAll(int client, long id, String channel) throws InterruptedException {
        for (Map.Entry<Integer, ReplayClient> one : clients.entrySet()) {
            note(one.getKey(), channel, one.getValue().takeAll(one.getKey() == client ? id : 0));
        }
    }

    private void closeAndReplace(int number, ReplayClient client) {
        ReplayClient before = clients.put(number, client);
        if (before != null) {
            before.close();
        }
    }

    private static String channelOf(ObjectNode command) {
        for (JsonNode request : command) {
            if (request.has("channel")) {
                return request.get("channel").asString();
            }
        }
        return "";
    }

    private void note(int client, String channel, List<Object> messages) {
        for (Object message : messages) {
            if (message instanceof ObjectNode reply) {
                learn(channel, reply);
                String line = "  " + client + " < " + readable(WireSchema.canonical("Reply", reply));
                (reply.has("push") ? pushes.computeIfAbsent(client, key -> new ArrayList<>()) : transcript).add(line);
            } else {
                transcript.add("  " + client + " " + message);
            }
        }
    }

    private void learn(String channel, ObjectNode reply) {
        for (String result : List.of("subscribe", "history")) {
            String epoch = reply.path(result).path("epoch").asString("");
            if (!epoch.isEmpty()) {
                epochOf.put(channel, epoch);
            }
        }
    }

    private String readable(ObjectNode message) {
        rename(message);
        return message.toString().replace('"', '\'').replace(run, "@");
    }

    private void rename(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(name);
                switch (name) {
                    case "client" ->
                        object.put(
                                name,
                                clientNames.computeIfAbsent(value.asString(), id -> "#" + (clientNames.size() + 1)));
                    case "epoch" ->
                        object.put(
                                name,
                                epochNames.computeIfAbsent(value.asString(), id -> "e" + (epochNames.size() + 1)));
                    case "pub" -> renamePublication((ObjectNode) value);
                    case "publications" -> value.forEach(one -> renamePublication((ObjectNode) one));
                    case "version" -> object.put(name, "v");
                    case "ttl" -> object.put(name, "some");
                    case "data" -> {}
                    case "presence" -> {
                        Map<String, JsonNode> named = new TreeMap<>();
                        value.path("presence").forEach(info -> {
                            rename(info);
                            named.put(info.path("client").asString(), info);
                        });
                        if (value.has("presence")) {
                            ObjectNode sorted = ((ObjectNode) value).putObject("presence");
                            named.forEach(sorted::set);
                        }
                    }
                    default -> rename(value);
                }
            }
        } else {
            node.forEach(this::rename);
        }
    }

    private void renamePublication(ObjectNode publication) {
        if (!epochsOfPublications) {
            publication.remove("epoch");
        }
        rename(publication);
    }

    private String substituted(String command) {
        String json = EPOCH.matcher(command)
                .replaceAll(epoch -> epochOf.getOrDefault(epoch.group(1).replace("@", run), ""));
        json = TOKEN.matcher(json)
                .replaceAll(token -> Matcher.quoteReplacement(token(token.group(1), token.group(2), token.group(3))));
        return json.replace("@", run).replace('\'', '"');
    }

    private String token(String user, String seconds, String options) {
        StringBuilder claims = new StringBuilder("{\"sub\":\"" + user + "\"");
        if (!seconds.equals("0")) {
            claims.append(",\"exp\":").append(Instant.now().getEpochSecond() + Long.parseLong(seconds));
        }
        for (String option : options.split(",")) {
            if (option.startsWith("channel=")) {
                claims.append(",\"channel\":\"")
                        .append(option.substring(8).replace("@", run))
                        .append("\"");
            } else if (option.startsWith("claim=")) {
                claims.append(",")
                        .append(option.substring(6)
                                .replace("~", "\"")
                                .replace("past", "" + (Instant.now().getEpochSecond() - 5)));
            }
        }
        String token = Identity.token(claims.append("}").toString());
        return options.startsWith("bad") ? token.substring(0, token.length() - 4) + "AAAA" : token;
    }
}
