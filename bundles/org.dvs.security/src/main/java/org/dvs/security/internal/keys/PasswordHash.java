package org.dvs.security.internal.keys;

import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** Passwords under bcrypt: salted, and slow to try. */
public final class PasswordHash {
    /** 2 to the power of this is the number of rounds. */
    private static final int COST = 10;
    private static final int SALT_BYTES = 16;
    /** bcrypt ignores what comes after; longer ones are refused instead of being cut. */
    private static final int MAX_BYTES = 72;

    private PasswordHash() {
    }

    /** @throws IllegalArgumentException if the password is empty or longer than 72 bytes in UTF-8 */
    public static String of(char[] password, SecureRandom random) {
        if (!fits(password)) {
            throw new IllegalArgumentException("a password has 1 to " + MAX_BYTES + " bytes");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return OpenBSDBCrypt.generate(password, salt, COST);
    }

    /** Takes the same time whatever the password. A hash that is none matches nothing. */
    public static boolean matches(char[] password, String hash) {
        boolean fits = fits(password);
        try {
            return OpenBSDBCrypt.checkPassword(hash, fits ? password : new char[] {'x'}) && fits;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean fits(char[] password) {
        int bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password)).remaining();
        return bytes > 0 && bytes <= MAX_BYTES;
    }
}
