package dev.realtime.autoconfigure.token;

import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import dev.realtime.auth.token.KeySource;
import dev.realtime.failure.ConfigurationProblemException;
import java.net.ProxySelector;
import java.net.URI;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Fetching of key sets on threads that end with the application, with its SSL bundle and its proxies. Nothing is
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
     * @throws ConfigurationProblemException if the address or the SSL bundle cannot be used
     */
    KeySource keySet(TokenProperties token) {
        URI address = JwksEndpoint.check(token.prefix() + "jwks-public-endpoint", token.jwksPublicEndpoint());
        JwksEndpoint endpoint = new JwksEndpoint(
                address,
                bundle(token),
                beans.getBeanProvider(ProxySelector.class).getIfUnique(),
                JwksEndpoint.LIMIT);
        return new JwksKeys(endpoint.toString(), endpoint::fetch, executor.threads(), System::nanoTime);
    }

    /** Returns a source of the bundle, which can be replaced while the application runs. */
    private Supplier<@Nullable SslBundle> bundle(TokenProperties token) {
        SslBundles bundles = beans.getBeanProvider(SslBundles.class).getIfUnique();
        String name = token.jwksSslBundle();
        if (!StringUtils.hasText(name)) {
            return HTTP_CLIENT_SETTINGS ? HttpClients.bundle(beans, bundles) : () -> null;
        }
        try {
            if (bundles != null) {
                bundles.getBundle(name);
                return () -> bundles.getBundle(name);
            }
        } catch (NoSuchSslBundleException unknown) {
            // Explained below.
        }
        String property = token.prefix() + "jwks-ssl-bundle";
        throw new ConfigurationProblemException(
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

        private static final String PROPERTY = "spring.http.clients.ssl.bundle";

        /** Returns the bundle of the settings, by its name if they have it from the property. */
        static Supplier<@Nullable SslBundle> bundle(BeanFactory beans, @Nullable SslBundles bundles) {
            HttpClientSettings settings =
                    beans.getBeanProvider(HttpClientSettings.class).getIfUnique();
            SslBundle bundle = settings == null ? null : settings.sslBundle();
            String name = beans.getBean(Environment.class).getProperty(PROPERTY);
            return bundle != null
                            && bundles != null
                            && name != null
                            && bundles.getBundleNames().contains(name)
                            && bundles.getBundle(name) == bundle
                    ? () -> bundles.getBundle(name)
                    : () -> bundle;
        }
    }
}
