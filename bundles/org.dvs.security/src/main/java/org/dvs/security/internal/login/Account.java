package org.dvs.security.internal.login;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a file of users or tokens: {@code name:role,role:hash}.
 *
 * @param name  of the user or token
 * @param roles words; DVS knows viewer, operator, admin, auditor, Karaf knows more
 * @param hash  bcrypt of a password, or SHA-256 of a token in hexadecimal
 */
record Account(String name, List<String> roles, String hash) {
    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]{0,62}):([a-z,]*):([A-Za-z0-9$./]+)");

    Account {
        roles = List.copyOf(roles);
    }

    /** @return empty for what is not such a line */
    static Optional<Account> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches()
                ? Optional.of(new Account(matcher.group(1), List.of(matcher.group(2).split(",")), matcher.group(3)))
                        : Optional.empty();
    }
}
