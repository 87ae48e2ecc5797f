package org.dvs.web.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.security.Authenticator;
import org.dvs.web.api.WebContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protected context … */
@Tag("R-CMD-18")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtectedContextTest {
    private final ProtectedContext context = new ProtectedContext(new Login(new Accounts()), null);
    private TestServer server;

    /** Knows Ada with her password, which has a colon, and a token. */
    private static final class Accounts implements Authenticator {
        @Override
        public Caller password(String user, char[] password, String channel, String source) throws DvsException {
            if (user.equals("locked")) {
                throw new DvsException(ErrorCode.LOGINRATE, "too many failed logins of 'locked'");
            }
            if (user.equals("ada") && new String(password).equals("pass:wörd")) {
                return new Caller(user, Set.of(Role.ADMIN), channel, source);
            }
            throw new DvsException(ErrorCode.NOLOGIN, "wrong name or password");
        }

        @Override
        public Caller token(String token, String channel, String source) throws DvsException {
            if (token.equals("t0ken")) {
                return new Caller("operator", Set.of(Role.OPERATOR), channel, source);
            }
            throw new DvsException(ErrorCode.NOLOGIN, "the token is not known here");
        }
    }

    /** What the whiteboard does: the context first, then the servlet. */
    private final class Guarded extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (context.handleSecurity(request, response)) {
                Caller caller = WebContext.caller(request);
                response.getOutputStream().print("hello " + caller.user() + ' ' + caller.channel() + ' ' + caller.source());
            }
        }
    }

    @BeforeAll
    void start(@TempDir Path temp) throws Exception {
        server = new TestServer(temp.resolve("keys"), TestServer.settings(), new Guarded());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void letsInWhoHasLoggedIn() throws IOException {
        assertTrue(get("Bearer t0ken").endsWith("hello operator rest 127.0.0.1"));
        assertTrue(get("bearer  t0ken ").endsWith("hello operator rest 127.0.0.1"));
        assertTrue(get(basic("ada:pass:wörd")).endsWith("hello ada rest 127.0.0.1"));
    }

    @Test
    void asksWhoSaysNothing() throws IOException {
        String answer = get(null);
        assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
        assertTrue(answer.contains("\r\nWWW-Authenticate: Bearer realm=\"dvs\"\r\n"), answer);
        assertTrue(answer.contains("\r\nWWW-Authenticate: Basic realm=\"dvs\", charset=\"UTF-8\"\r\n"), answer);
        assertTrue(answer.contains("DVS-SEC-1005") && answer.contains("application/problem+json"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Bearer", "Bearer ", "Basic", "Basic !!!", "Basic YWRh", "Basic OnA=", "Basic /w==",
            "Digest x", ""})
    void refusesWhatIsNoLogin(String authorization) throws IOException {
        String answer = get(authorization);
        assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
        assertFalse(answer.contains("hello"), answer);
    }

    @Test
    void saysWhenThereWereTooManyTries() throws IOException {
        String answer = get(basic("locked:x"));
        assertTrue(answer.startsWith("HTTP/1.1 429"), answer);
        assertTrue(answer.contains("\r\nRetry-After: 60\r\n"), answer);
        assertTrue(answer.contains("DVS-SEC-1006"), answer);
    }

    @Test
    void isTheOnlyWayToACaller() {
        HttpServletRequest outside = (HttpServletRequest) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {HttpServletRequest.class}, (proxy, method, args) -> null);
        assertThrows(IllegalStateException.class, () -> WebContext.caller(outside));
        assertEquals("", WebContext.requestId(outside));
    }

    private static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }

    private String get(String authorization) throws IOException {
        String header = authorization == null ? "" : "Authorization: " + authorization + "\r\n";
        return server.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n");
    }
}
