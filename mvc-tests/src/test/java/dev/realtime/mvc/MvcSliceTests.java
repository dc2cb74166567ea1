package dev.realtime.mvc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.realtime.mvc.OrderHandlers.Order;
import dev.realtime.test.RealtimeTestClients;
import dev.realtime.test.autoconfigure.RealtimeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** The slice in an application with Spring MVC: its handlers with security, tokens and validation, and no servlet. */
@RealtimeTest(OrderHandlers.class)
class MvcSliceTests {

    private static final KeyPair KEYS = rsaKeys();

    @TempDir
    static Path directory;

    @Autowired
    private RealtimeTestClients clients;

    @Autowired
    private WebApplicationContext context;

    @DynamicPropertySource
    static void keyOfTheResourceServer(DynamicPropertyRegistry registry) throws IOException {
        Path file = directory.resolve("key.pem");
        Files.writeString(
                file,
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(KEYS.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        registry.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> "file:" + file);
    }

    @Test
    void handlersAreLoadedAndNothingElse() {
        assertThat(context.getBeansOfType(OrderHandlers.class)).hasSize(1);
        assertThat(context.getBeansOfType(SecurityFilterChain.class)).hasSize(1);
        assertThat(context.getBeansOfType(OrderController.class)).isEmpty();
        assertThat(context.getBeansOfType(DispatcherServlet.class)).isEmpty();
        assertThat(context.getBeansOfType(DataSource.class)).isEmpty();
    }

    @Test
    void securityAndValidationWork() {
        var sam = clients.connectAs("sam", "STAFF");

        sam.subscribe("orders:ann").expectError(103);
        sam.subscribe("orders:sam").expectSubscribed();
        sam.rpc("cancel", new Order(7)).expectSuccess();
        sam.rpc("cancel", new Order(0)).expectError(107);
        clients.connectAs("ann").rpc("cancel", new Order(7)).expectError(103);
    }

    @Test
    void tokensAreVerifiedByTheDecoderOfTheResourceServer() {
        String token = NimbusJwtEncoder.withKeyPair((RSAPublicKey) KEYS.getPublic(), (RSAPrivateKey) KEYS.getPrivate())
                .build()
                .encode(JwtEncoderParameters.from(
                        JwtClaimsSet.builder().subject("carol").build()))
                .getTokenValue();

        assertThat(context.getBeansOfType(JwtDecoder.class)).hasSize(1);
        var carol = clients.client().token(token).connect();

        assertThat(carol.rpc("whoAmI").data(String.class)).isEqualTo("carol");
    }

    private static KeyPair rsaKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
