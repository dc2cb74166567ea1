package dev.realtime.handler.declaration;

import dev.realtime.handler.OnCacheEmpty;
import dev.realtime.handler.OnConnect;
import dev.realtime.handler.OnConnected;
import dev.realtime.handler.OnDisconnect;
import dev.realtime.handler.OnPublish;
import dev.realtime.handler.OnRefresh;
import dev.realtime.handler.OnRpc;
import dev.realtime.handler.OnSend;
import dev.realtime.handler.OnSubscribe;
import dev.realtime.handler.OnSubscribed;
import dev.realtime.handler.OnSubscriptionRefresh;
import dev.realtime.handler.OnUnsubscribe;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;

/** Kind of a handler method, one for each annotation. */
public enum HandlerKind {
    CONNECT(OnConnect.class, annotation -> ""),
    CONNECTED(OnConnected.class, annotation -> ""),
    SUBSCRIBE(OnSubscribe.class, annotation -> ((OnSubscribe) annotation).value()),
    SUBSCRIBED(OnSubscribed.class, annotation -> ((OnSubscribed) annotation).value()),
    UNSUBSCRIBE(OnUnsubscribe.class, annotation -> ((OnUnsubscribe) annotation).value()),
    PUBLISH(OnPublish.class, annotation -> ((OnPublish) annotation).value()),
    RPC(OnRpc.class, annotation -> ((OnRpc) annotation).value()),
    SEND(OnSend.class, annotation -> ""),
    REFRESH(OnRefresh.class, annotation -> ""),
    SUBSCRIPTION_REFRESH(OnSubscriptionRefresh.class, annotation -> ((OnSubscriptionRefresh) annotation).value()),
    CACHE_EMPTY(OnCacheEmpty.class, annotation -> ((OnCacheEmpty) annotation).value()),
    DISCONNECT(OnDisconnect.class, annotation -> "");

    private final Class<? extends Annotation> annotation;

    private final Function<Annotation, String> value;

    HandlerKind(Class<? extends Annotation> annotation, Function<Annotation, String> value) {
        this.annotation = annotation;
        this.value = value;
    }

    public static List<Class<? extends Annotation>> annotations() {
        return Stream.<HandlerKind>of(values())
                .<Class<? extends Annotation>>map(kind -> kind.annotation)
                .toList();
    }

    /** Returns whether a method itself is annotated as a handler, whatever it overrides. */
    public static boolean isOn(Method method) {
        MergedAnnotations present = MergedAnnotations.from(method);
        return Stream.of(values()).anyMatch(kind -> present.isPresent(kind.annotation));
    }

    /** Returns the kinds that a method is annotated with, itself or on an overridden method; usually none. */
    public static List<HandlerKind> of(Method method) {
        MergedAnnotations present = MergedAnnotations.from(method, MergedAnnotations.SearchStrategy.TYPE_HIERARCHY);
        return Stream.of(values())
                .filter(kind -> present.isPresent(kind.annotation))
                .toList();
    }

    /**
     * Returns the value of the annotation of a marked method: the name of the method for a call without one, else
     * empty.
     */
    public String valueOn(Method method) {
        Annotation found = AnnotatedElementUtils.findMergedAnnotation(method, annotation);
        String written = found == null ? "" : value.apply(found);
        return this == RPC && written.isEmpty() ? method.getName() : written;
    }

    public boolean isAboutChannels() {
        return this == SUBSCRIBE
                || this == SUBSCRIBED
                || this == UNSUBSCRIBE
                || this == PUBLISH
                || this == SUBSCRIPTION_REFRESH
                || this == CACHE_EMPTY;
    }

    /** Returns whether a call is on behalf of a client. */
    public boolean isForAClient() {
        return this != CACHE_EMPTY;
    }

    /** Returns whether clients send data with the command. */
    public boolean hasPayload() {
        return this == CONNECT || this == SUBSCRIBE || this == PUBLISH || this == RPC || this == SEND;
    }

    /** Returns whether the method is notified after the fact; several methods may be. */
    public boolean isNotified() {
        return this == CONNECTED || this == SUBSCRIBED || this == UNSUBSCRIBE || this == DISCONNECT;
    }

    /** Returns whether there is no use for a result. */
    boolean hasNoResult() {
        return isNotified() || this == SEND;
    }

    /** Returns the annotation as it is written in source code. */
    public String shown() {
        return "@" + annotation.getSimpleName();
    }

    /** Returns the name of the kind in metrics. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
