package dev.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What applications and extensions compile against mentions only what they may use: the packages {@code api} and
 * {@code spi}, the JDK, Reactor, and the annotations of JSpecify.
 */
class SurfaceTests {

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.realtime");

    private static final List<String> ALLOWED = List.of(
            "java.", "dev.realtime.api.", "dev.realtime.spi.", "reactor.", "org.reactivestreams.", "org.jspecify.");

    /** Other types that are mentioned, with the reason. */
    private static final Map<String, String> EXCEPTIONS = Map.ofEntries(
            Map.entry(
                    "Minting mentions dev.realtime.auth.token.TokenRules",
                    "made by the auto-configuration: an issuer mints what the verifier of the same rules accepts"),
            Map.entry(
                    "Minting mentions dev.realtime.auth.token.TokenSigner",
                    "made by the auto-configuration, and by applications that sign with a private key"),
            Map.entry(
                    "Transport mentions io.netty.buffer.ByteBuf",
                    "a transport writes frames that all subscribers share"),
            Map.entry(
                    "Transport mentions io.netty.util.concurrent.EventExecutor",
                    "the executor of a transport owns its connection"),
            Map.entry(
                    "TransportListener mentions io.netty.buffer.ByteBuf",
                    "messages are read from the buffer of the socket"),
            Map.entry(
                    "WebSocketFrames mentions io.netty.buffer.ByteBuf",
                    "transports that make their own frames take a buffer apart"),
            Map.entry("WireForm mentions io.netty.buffer.ByteBuf", "it makes the frames that a transport writes"),
            Map.entry(
                    "WireForm mentions io.netty.buffer.ByteBufAllocator",
                    "it makes the frames that a transport writes"),
            Map.entry("WireForm mentions dev.realtime.json.WireWriter", "called by the core alone"),
            Map.entry("WireForm mentions dev.realtime.protocol.ProtocolCodec", "called by the core alone"),
            Map.entry("WireBody mentions dev.realtime.json.WireWriter", "called by the core alone"),
            Map.entry("WireBody mentions dev.realtime.protocol.CommandReader", "called by the core alone"),
            Map.entry("WireBody mentions dev.realtime.protocol.ProtocolCodec", "called by the core alone"),
            Map.entry("WireBody mentions dev.realtime.protocol.ProtocolLimits", "called by the core alone"),
            Map.entry("WireBody mentions dev.realtime.protocol.Push", "called by the core alone"));

    @Test
    void signaturesMentionOnlyTheSurface() {
        Set<String> mentioned = new TreeSet<>();
        for (JavaClass type : CORE) {
            if (isPublic(type) && (type.getPackageName() + ".").matches("dev\\.realtime\\.(api|spi)\\..*")) {
                types(type)
                        .flatMap(each -> each.getAllInvolvedRawTypes().stream())
                        .map(SurfaceTests::elementType)
                        .filter(each -> !each.isPrimitive())
                        .filter(each -> ALLOWED.stream().noneMatch(each.getName()::startsWith))
                        .forEach(each -> mentioned.add(type.getSimpleName() + " mentions " + each.getName()));
            }
        }

        assertThat(mentioned).containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet());
    }

    /** A type nested in another counts if all around it are public. */
    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(SurfaceTests::isPublic).orElse(true);
    }

    private static JavaClass elementType(JavaClass type) {
        return type.isArray() ? elementType(type.getComponentType()) : type;
    }

    private static Stream<JavaType> types(JavaClass type) {
        List<JavaType> types = new ArrayList<>(type.getInterfaces());
        type.getSuperclass().ifPresent(types::add);
        type.getFields().stream()
                .filter(field -> isSeen(field.getModifiers()))
                .forEach(field -> types.add(field.getType()));
        for (JavaMethod method : type.getMethods()) {
            if (isSeen(method.getModifiers())) {
                types.add(method.getReturnType());
                types.addAll(method.getParameterTypes());
                types.addAll(method.getExceptionTypes());
            }
        }
        for (JavaConstructor constructor : type.getConstructors()) {
            if (isSeen(constructor.getModifiers())) {
                types.addAll(constructor.getParameterTypes());
            }
        }
        return types.stream();
    }

    private static boolean isSeen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
