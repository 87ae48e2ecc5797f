package org.dvs.web.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.Authenticator;

/** Reads the header Authorization: {@code Bearer TOKEN} or {@code Basic base64(user:password)}. Thread-safe. */
final class Login {
    private static final String CHANNEL = "rest";
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private final Authenticator authenticator;

    Login(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    /**
     * @param authorization the header; null if there is none
     * @param source        address of the client
     * @throws DvsException {@code NOLOGIN} or {@code LOGINRATE}
     */
    Caller caller(String authorization, String source) throws DvsException {
        if (authorization == null) {
            throw new DvsException(ErrorCode.NOLOGIN, "no header Authorization was sent");
        }
        if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return authenticator.token(authorization.substring(BEARER.length()).strip(), CHANNEL, source);
        }
        if (authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            CharBuffer userAndPassword = decode(authorization.substring(BASIC.length()).strip());
            String text = userAndPassword.toString();
            int colon = text.indexOf(':');
            if (colon > 0) {
                return authenticator.password(text.substring(0, colon), text.substring(colon + 1).toCharArray(), CHANNEL, source);
            }
        }
        throw new DvsException(ErrorCode.NOLOGIN, "the header Authorization is neither 'Bearer TOKEN' nor 'Basic ...'");
    }

    private static CharBuffer decode(String base64) throws DvsException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new DvsException(ErrorCode.NOLOGIN, "the header Authorization cannot be decoded", e);
        }
    }
}
