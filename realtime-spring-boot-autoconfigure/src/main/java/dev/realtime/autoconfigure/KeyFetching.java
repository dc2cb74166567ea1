package dev.realtime.autoconfigure;

import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import dev.realtime.auth.token.KeySource;
import java.net.ProxySelector;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * How key sets are fetched: on threads that end with the application, with its SSL bundle and its proxies. Nothing is
 * fetched before the first token needs a key; see {@link JwksKeys} and {@link JWKSourceBuilder}.
 */
final class KeyFetching implements AutoCloseable {

    private static final boolean HTTP_CLIENT_SETTINGS = ClassUtils.isPresent(
            "org.springframework.boot.http.client.HttpClientSettings", KeyFetching.class.getClassLoader());

    private final KeyFetchExecutor executor = new KeyFetchExecutor();

    private final BeanFactory beans;

    /**
     * @param beans has the SSL bundles, the settings of HTTP clients and the {@link ProxySelector}, each if there is
     *     one
     */
    KeyFetching(BeanFactory beans) {
        this.beans = beans;
    }

    /**
     * Returns the keys of the set at the address of the property {@code jwks-public-endpoint}.
     *
     * @throws InvalidRealtimePropertyException if the address or the SSL bundle cannot be used
     */
    KeySource keySet(TokenProperties token) {
        URI address = JwksEndpoint.check(token.prefix() + "jwks-public-endpoint", token.jwksPublicEndpoint());
        JwksEndpoint endpoint = new JwksEndpoint(
                address,
                bundle(token),
                beans.getBeanProvider(ProxySelector.class).getIfUnique());
        return new JwksKeys(endpoint.toString(), endpoint::fetch, executor.threads(), System::nanoTime);
    }

    private @Nullable SslBundle bundle(TokenProperties token) {
        String name = token.jwksSslBundle();
        if (!StringUtils.hasText(name)) {
            return HTTP_CLIENT_SETTINGS ? HttpClients.bundle(beans) : null;
        }
        try {
            SslBundles bundles = beans.getBeanProvider(SslBundles.class).getIfUnique();
            if (bundles != null) {
                return bundles.getBundle(name);
            }
        } catch (NoSuchSslBundleException unknown) {
            // Explained below.
        }
        String property = token.prefix() + "jwks-ssl-bundle";
        throw new InvalidRealtimePropertyException(
                property,
                "`%s` is `%s`, but there is no SSL bundle of that name.".formatted(property, name),
                "Define it under `spring.ssl.bundle.pem.%1$s` or `spring.ssl.bundle.jks.%1$s`, or correct the name."
                        .formatted(name));
    }

    @Override
    public void close() {
        executor.close();
    }

    /** Loaded only where the application has Boot's module for HTTP clients. */
    private static final class HttpClients {

        static @Nullable SslBundle bundle(BeanFactory beans) {
            HttpClientSettings settings =
                    beans.getBeanProvider(HttpClientSettings.class).getIfUnique();
            return settings == null ? null : settings.sslBundle();
        }
    }
}
