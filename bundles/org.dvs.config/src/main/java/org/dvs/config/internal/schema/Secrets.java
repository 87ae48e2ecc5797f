package org.dvs.config.internal.schema;

import java.util.regex.Pattern;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;

/**
 * References to secrets: {@code secret:NAME}, {@code file:PATH}, {@code env:NAME}. They are published as they are, so that no
 * secret ever stands in Configuration Admin; who needs one resolves it at the moment of use. Source: conventions 4.
 */
public final class Secrets {
    /** What is shown in place of a secret that should not have been there. */
    public static final String MASK = "***";

    private static final Pattern REFERENCE =
            Pattern.compile("secret:[A-Za-z0-9_.-]{1,64}|env:[A-Za-z_][A-Za-z0-9_]{0,127}|file:\\S.{0,1023}");

    private Secrets() {
    }

    public static boolean reference(String text) {
        return text.isEmpty() || REFERENCE.matcher(text).matches();
    }

    /** @throws DvsException {@code CLEARSECRET}, without the text: it may be the secret */
    static void check(String key, String text) throws DvsException {
        if (!reference(text)) {
            throw new DvsException(ErrorCode.CLEARSECRET,
                    key + ": a secret must be given as secret:NAME, file:PATH or env:NAME, not in clear text");
        }
    }
}
