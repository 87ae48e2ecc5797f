package org.dvs.api.security;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a secret is. Settings hold this text in its place, never the secret: {@code secret:NAME}, {@code file:PATH} or
 * {@code env:NAME}. Source: conventions 4. Immutable.
 *
 * @param kind of the place
 * @param name of a secret: up to 64 of {@code A-Z a-z 0-9 _ . -}, not beginning with a dot; a path of up to 1 024 characters; or the
 *             name of an environment variable
 */
public record SecretReference(Kind kind, String name) {

    /** Where secrets may be. */
    public enum Kind {
        /** A file in the folder {@code secrets} among the node's keys. */
        SECRET,
        /** Any file; a relative path begins at the node's base folder. */
        FILE,
        /** A variable in the environment of the node's process. */
        ENV
    }

    private static final Pattern SYNTAX = Pattern.compile(
            "(secret):([A-Za-z0-9_-][A-Za-z0-9_.-]{0,63})|(env):([A-Za-z_][A-Za-z0-9_]{0,127})|(file):(\\S|\\S.{0,1022}\\S)");

    /** @return empty for a text that is no reference, which may be the secret itself: do not show it */
    public static Optional<SecretReference> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        for (int group = 1; group < matcher.groupCount(); group += 2) {
            if (matcher.group(group) != null) {
                Kind kind = Kind.valueOf(matcher.group(group).toUpperCase(Locale.ROOT));
                return Optional.of(new SecretReference(kind, matcher.group(group + 1)));
            }
        }
        throw new IllegalStateException("one of the alternatives has matched");
    }

    /** As it stands in a setting. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + ':' + name;
    }
}
