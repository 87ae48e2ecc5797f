package org.dvs.security.internal.login;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.security.internal.keys.Secrets;

/**
 * One account: a line {@code name:role,role:hash} of a file of users or tokens, or a key of SSH.
 *
 * @param name  of the user or token
 * @param roles words; DVS knows viewer, operator, admin, auditor, Karaf knows more
 * @param hash  bcrypt of a password, SHA-256 of a token in hexadecimal, or a public key in Base64
 */
record Account(String name, List<String> roles, String hash) {
    /** Characters of the longest name of a user or token. */
    static final int MAX_NAME = 63;
    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]{0," + (MAX_NAME - 1)
            + "}):([a-z,]*):([A-Za-z0-9$./]+)");

    Account {
        roles = List.copyOf(roles);
    }

    /** Of what must be shown for this account; a hash is no secret, but what it is of may be guessed with it. */
    String proof() {
        return proof(hash);
    }

    /** @param shown hash of a password or token, or a public key */
    static String proof(String shown) {
        return HexFormat.of().formatHex(Secrets.digest(shown));
    }

    /** @return empty for what is not such a line */
    static Optional<Account> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new Account(matcher.group(1), List.of(matcher.group(2).split(",")), matcher.group(3)))
                        : Optional.empty();
    }
}
