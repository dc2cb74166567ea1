package dev.realtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.api.channel.Channel;
import dev.realtime.api.channel.ChannelOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How channel names are read: namespace, private prefix, listed users, regex, length. */
class NamespacesTests {

    private static final ChannelOptions PLAIN = ChannelOptions.DEFAULTS;

    private static final ChannelOptions CHAT =
            ChannelOptions.builder().presence(true).build();

    private static final ChannelOptions USERS =
            ChannelOptions.builder().allowUserLimitedChannels(true).build();

    private final Namespaces namespaces = with(ChannelNameRules.DEFAULTS);

    private static Namespaces with(ChannelNameRules rules) {
        return new Namespaces(rules, PLAIN, Map.of("chat", CHAT, "users", USERS), null);
    }

    private static ChannelNameRules rules(String prefix, String boundary, String userBoundary, String separator) {
        return new ChannelNameRules(255, prefix, boundary, userBoundary, separator);
    }

    // Namespace

    @ParameterizedTest
    @ValueSource(
            strings = {"chat:room", "$chat:room", "chat:", "chat:a:b", "chat::", "chat:room#1", "chat: ", "chat:日本"})
    void namespaceIsWhatStandsBeforeTheFirstBoundary(String name) {
        assertThat(namespaces.find(name)).contains(new Channel(name, "chat", CHAT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chat",
                "$chat",
                "room",
                "$",
                "",
                ":",
                ":room",
                "$:room",
                ":chat:room",
                "::",
                "#1",
                "room#1",
                "日本"
            })
    void nameWithoutNamespaceHasTheOptionsForThat(String name) {
        assertThat(namespaces.find(name)).contains(new Channel(name, "", PLAIN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "news:room",
                "chat :room",
                " chat:room",
                "Chat:room",
                "$$chat:room",
                "$news:",
                "cha:t",
                "#:a",
                "日本:a"
            })
    void nameInAnUnknownNamespaceIsNoChannel(String name) {
        assertThat(namespaces.find(name)).isEmpty();
    }

    @Test
    void boundaryAndPrefixMayBeOfSeveralCharacters() {
        Namespaces custom = with(rules("private-", "::", "#", ","));

        assertThat(custom.find("private-chat::room")).map(Channel::namespace).contains("chat");
        assertThat(custom.find("chat:room")).map(Channel::namespace).contains("");
        assertThat(custom.find("news::room")).isEmpty();
        assertThat(custom.isPrivate("private-room")).isTrue();
        assertThat(custom.isPrivate("$room")).isFalse();
    }

    @Test
    void emptyRulesReadNothingInNames() {
        Namespaces opaque = with(rules("", "", "", ""));
        Channel channel = opaque.find("$users:room#1").orElseThrow();

        assertThat(channel.namespace()).isEmpty();
        assertThat(opaque.isPrivate("$users:room#1")).isFalse();
        Channel userChannel = new Channel("room#1", "users", USERS);
        assertThat(opaque.isUserLimited(userChannel)).isFalse();
        assertThat(opaque.listsUser(userChannel, "1")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"$chat:room,true", "$,true", "$$a,true", "chat:$room,false", "chat,false", "' $a',false"})
    void privateNamesBeginWithThePrefix(String name, boolean expected) {
        assertThat(namespaces.isPrivate(name)).isEqualTo(expected);
    }

    /** The reading of the reference server, by splitting: strip one prefix, cut at the first boundary. */
    @Test
    void randomNamesAreReadAsBySplitting() {
        Random random = new Random(20_240_611);
        List<String> parts = List.of("$", ":", "#", ",", "chat", "users", "news", "a", " ", "é", "😀", "");

        for (int i = 0; i < 20_000; i++) {
            StringBuilder built = new StringBuilder();
            for (int length = random.nextInt(7); length > 0; length--) {
                built.append(parts.get(random.nextInt(parts.size())));
            }
            String name = built.toString();
            String stripped = name.startsWith("$") ? name.substring(1) : name;
            String namespace = stripped.contains(":") ? stripped.split(":", 2)[0] : "";
            Map<String, ChannelOptions> known = Map.of("", PLAIN, "chat", CHAT, "users", USERS);
            Optional<Channel> expected =
                    Optional.ofNullable(known.get(namespace)).map(options -> new Channel(name, namespace, options));

            assertThat(namespaces.find(name)).as(name).isEqualTo(expected);
        }
    }

    // User-limited channels

    private boolean lists(String name, String userId) {
        return namespaces.listsUser(new Channel(name, "users", USERS), userId);
    }

    @Test
    void listedUsersStandAfterTheLastUserBoundary() {
        assertThat(lists("users:room#42", "42")).isTrue();
        assertThat(lists("users:room#1,42,3", "1")).isTrue();
        assertThat(lists("users:room#1,42,3", "42")).isTrue();
        assertThat(lists("users:room#1,42,3", "3")).isTrue();
        assertThat(lists("users:room#1#42", "42")).isTrue();
        assertThat(lists("users:room#,42", "42")).isTrue();
        assertThat(lists("users:#дом", "дом")).isTrue();
    }

    @Test
    void otherUsersAreNotListed() {
        assertThat(lists("users:room#42", "4")).isFalse();
        assertThat(lists("users:room#42", "2")).isFalse();
        assertThat(lists("users:room#42", "421")).isFalse();
        assertThat(lists("users:room#1#42", "1")).isFalse();
        assertThat(lists("users:room#1,42", "1,42")).isFalse();
        assertThat(lists("users:room#1, 42", "42")).isFalse();
        assertThat(lists("users:42", "42")).isFalse();
        assertThat(lists("users:42#", "42")).isFalse();
    }

    @Test
    void emptyUserIsNeverListed() {
        assertThat(lists("users:room#", "")).isFalse();
        assertThat(lists("users:room#,", "")).isFalse();
        assertThat(lists("users:room#1,,2", "")).isFalse();
        assertThat(lists("users:room", "")).isFalse();
    }

    @Test
    void userBoundaryIsPlainTextWhereTheOptionIsOff() {
        Channel plain = new Channel("room#42", "", PLAIN);

        assertThat(namespaces.isUserLimited(plain)).isFalse();
        assertThat(namespaces.listsUser(plain, "42")).isFalse();
    }

    @Test
    void nameWithoutUserBoundaryIsNotUserLimited() {
        assertThat(namespaces.isUserLimited(new Channel("users:room", "users", USERS)))
                .isFalse();
        assertThat(namespaces.isUserLimited(new Channel("users:room#", "users", USERS)))
                .isTrue();
    }

    @Test
    void withoutSeparatorTheWholeRestIsOneUser() {
        Namespaces single = with(rules("$", ":", "#", ""));
        Channel channel = new Channel("users:room#1,2", "users", USERS);

        assertThat(single.listsUser(channel, "1,2")).isTrue();
        assertThat(single.listsUser(channel, "1")).isFalse();
    }

    @Test
    void randomListsAreReadAsBySplitting() {
        Random random = new Random(20_240_612);
        List<String> parts = List.of("#", ",", "1", "2", "12", "a");
        List<String> users = List.of("1", "2", "12", "a", "1a", ",", "#");

        for (int i = 0; i < 20_000; i++) {
            StringBuilder built = new StringBuilder("users:");
            for (int length = random.nextInt(8); length > 0; length--) {
                built.append(parts.get(random.nextInt(parts.size())));
            }
            String name = built.toString();
            String user = users.get(random.nextInt(users.size()));
            boolean expected = name.contains("#")
                    && List.of(name.substring(name.lastIndexOf('#') + 1).split(",", -1))
                            .contains(user);

            assertThat(lists(name, user)).as("%s lists %s", name, user).isEqualTo(expected);
        }
    }

    // Names of clients

    private boolean admits(String regex, String name) {
        ChannelOptions options =
                ChannelOptions.builder().channelRegex(Pattern.compile(regex)).build();
        Namespaces guarded = new Namespaces(ChannelNameRules.DEFAULTS, options, Map.of("chat", options), null);
        return guarded.admitsName(guarded.find(name).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"room", "a b", "a\r\nb", "\u0000", "\u007f", "{}*?[x", "../a", "$a#1,2"})
    void clientsMayUseAnyAscii(String name) {
        assertThat(namespaces.admitsName(namespaces.find(name).orElseThrow())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080", "é", "chat:日本", "chat:😀", "room\uFFFD", "room\uD83D"})
    void clientsMayNotUseOtherCharacters(String name) {
        assertThat(namespaces.admitsName(namespaces.find(name).orElseThrow())).isFalse();
    }

    @Test
    void regexIsSearchedInWhatFollowsTheNamespace() {
        assertThat(admits("^room[0-9]+$", "chat:room7")).isTrue();
        assertThat(admits("^room[0-9]+$", "$chat:room7")).isTrue();
        assertThat(admits("^room[0-9]+$", "chat:room")).isFalse();
        assertThat(admits("^room[0-9]+$", "chat:a:room7")).isFalse();
        assertThat(admits("chat", "chat:room")).isFalse();
        assertThat(admits("^$", "chat:")).isTrue();
        assertThat(admits("^room$", ":room")).isTrue();
    }

    @Test
    void regexIsSearchedInTheWholeNameWithoutANamespace() {
        assertThat(admits("^room$", "room")).isTrue();
        assertThat(admits("^room$", "$room")).isFalse();
        assertThat(admits("^\\$room$", "$room")).isTrue();
    }

    @Test
    void regexNeedNotMatchTheWhole() {
        assertThat(admits("oo", "chat:room")).isTrue();
        assertThat(admits("[0-9]", "chat:room")).isFalse();
    }

    @Test
    void regexReplacesTheAsciiRule() {
        assertThat(admits("^[а-я]+$", "chat:дом")).isTrue();
        assertThat(admits(".", "chat:é")).isTrue();
    }

    @Test
    void nameTooLongToSubscribeToIsNotMatchedAgainstARegex() {
        String endless = "(a|b)*";

        assertThat(admits(endless, "a".repeat(255))).isTrue();
        assertThat(admits(endless, "a".repeat(256))).isFalse();
        assertThat(admits(endless, "a".repeat(60_000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a,255,true",
        "a,256,false",
        "é,127,true",
        "é,128,false",
        "日,85,true",
        "日,86,false",
        "😀,63,true",
        "😀,64,false"
    })
    void lengthIsCountedInBytesOfUtf8(String unit, int times, boolean expected) {
        assertThat(namespaces.admitsLength(unit.repeat(times))).isEqualTo(expected);
    }

    @Test
    void lengthOfRandomNamesIsThatOfTheirEncoding() {
        Random random = new Random(20_240_613);
        char[] units = {'a', 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0xD83D, 0xDE00, 0xDBFF, 0xDC00, 0xD7FF, 0xE000};

        for (int i = 0; i < 20_000; i++) {
            char[] name = new char[random.nextInt(12)];
            for (int j = 0; j < name.length; j++) {
                name[j] = units[random.nextInt(units.length)];
            }
            String text = new String(name);
            int bytes = text.codePoints()
                    .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                    .map(point -> Character.toString(point).getBytes(StandardCharsets.UTF_8).length)
                    .sum();

            assertThat(admitsLength(text, Math.max(1, bytes)))
                    .as("%d bytes", bytes)
                    .isTrue();
            if (bytes > 1) {
                assertThat(admitsLength(text, bytes - 1)).as("%d bytes", bytes).isFalse();
            }
        }
    }

    private static boolean admitsLength(String name, int maxLength) {
        return with(new ChannelNameRules(maxLength, "$", ":", "#", ",")).admitsLength(name);
    }
}
