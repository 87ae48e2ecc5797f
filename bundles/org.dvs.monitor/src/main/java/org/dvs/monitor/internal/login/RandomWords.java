package org.dvs.monitor.internal.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Words that cannot be guessed, and what is kept of them: neither a dump of the memory nor the time of a look-up gives one
 * away.
 */
final class RandomWords {
    private static final int BYTES = 32;

    private final SecureRandom random;

    RandomWords(SecureRandom random) {
        this.random = random;
    }

    /** 256 bits in characters that a URL and a cookie take as they are. */
    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String digest(String word) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(word.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
