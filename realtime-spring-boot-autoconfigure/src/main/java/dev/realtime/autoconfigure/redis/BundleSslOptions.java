package dev.realtime.autoconfigure.redis;

import io.lettuce.core.SslOptions;
import io.netty.handler.ssl.SslContextBuilder;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * SSL options of Lettuce from an SSL bundle. Lettuce reads them for each new connection, so new connections use a
 * bundle that was reloaded, and existing ones stay open.
 */
final class BundleSslOptions {

    private final Supplier<SslBundle> bundle;

    private volatile @Nullable Managers managers;

    private BundleSslOptions(Supplier<SslBundle> bundle) {
        this.bundle = bundle;
        // Read here, because this thread may block on files.
        this.managers = Managers.of(bundle.get());
    }

    /** @param bundle {@code null} for the trust store of Java */
    static SslOptions of(@Nullable Supplier<SslBundle> bundle) {
        if (bundle == null) {
            return SslOptions.create();
        }
        return SslOptions.builder()
                .jdkSslProvider()
                .sslContext(new BundleSslOptions(bundle)::apply)
                .build();
    }

    private void apply(SslContextBuilder context) {
        SslBundle current = bundle.get();
        Managers known = managers;
        if (known == null || known.bundle() != current) {
            known = Managers.of(current);
            managers = known;
        }
        context.keyManager(known.keys()).trustManager(known.trust());
        org.springframework.boot.ssl.SslOptions options = current.getOptions();
        if (options.getCiphers() != null) {
            context.ciphers(Arrays.asList(options.getCiphers()));
        }
        if (options.getEnabledProtocols() != null) {
            context.protocols(options.getEnabledProtocols());
        }
    }

    private record Managers(SslBundle bundle, KeyManagerFactory keys, TrustManagerFactory trust) {

        static Managers of(SslBundle bundle) {
            return new Managers(
                    bundle,
                    bundle.getManagers().getKeyManagerFactory(),
                    bundle.getManagers().getTrustManagerFactory());
        }
    }
}
