package org.dvs.config.internal.schema;

import java.util.Locale;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.security.SecretReference;

/**
 * Which keys are secret, and what may stand there: a {@link SecretReference}. References are published as they are, so that no
 * secret ever stands in Configuration Admin; who needs one reads it at the moment of use. Source: conventions 4.
 */
public final class SecretSettings {
    /** What is shown in place of a secret that should not have been there. */
    public static final String MASK = "***";

    private static final Set<String> WORDS = Set.of("password", "passwd", "pass", "passphrase", "secret", "token");

    private SecretSettings() {
    }

    /** True if the last word of a name means a secret: {@code adminPassword}, {@code ssh_pass}, {@code The join token}. */
    public static boolean named(String name) {
        String[] words = name.split("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");
        return words.length > 0 && WORDS.contains(words[words.length - 1].toLowerCase(Locale.ROOT));
    }

    /** True also for no text at all: no secret. */
    public static boolean reference(String text) {
        return text.isEmpty() || SecretReference.parse(text).isPresent();
    }

    /** @throws DvsException {@code CLEARSECRET}, without the text: it may be the secret */
    public static void check(String key, String text) throws DvsException {
        if (!reference(text)) {
            throw new DvsException(ErrorCode.CLEARSECRET, key + ": a secret must not stand here in clear text; put it into the file"
                    + " keys/secrets/NAME of the node, mode 600, and write secret:NAME here, or file:PATH or env:NAME");
        }
    }
}
