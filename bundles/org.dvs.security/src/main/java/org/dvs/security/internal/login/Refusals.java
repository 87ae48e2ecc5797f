package org.dvs.security.internal.login;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's record of logins that were refused: {@code data/log/security.log}, to which the logger {@code audit} leads, and how
 * many they were. Thread-safe.
 */
final class Refusals {
    private static final Logger AUDIT = LoggerFactory.getLogger("audit.login");

    private final Map<Cause, LongAdder> counts = new EnumMap<>(Cause.class);

    /** Why; a label of a metric. */
    enum Cause {
        /** Wrong name or password. */
        PASSWORD("wrong name or password"),
        /** Wrong name or public key. */
        KEY("wrong name or key"),
        /** The account is right, but has no role for that face. */
        ROLE("not the role for it"),
        TOKEN("wrong token"),
        /** Not even looked at: too many tries. */
        RATE("too many tries");

        private final String reason;

        Cause(String reason) {
            this.reason = reason;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Refusals() {
        for (Cause cause : Cause.values()) {
            counts.put(cause, new LongAdder());
        }
    }

    long count(Cause cause) {
        return counts.get(cause).sum();
    }

    /**
     * One line. What a client chose stands last, so that it can pass for nothing else.
     *
     * @param code NOLOGIN, PRIVILEGES, or LOGINRATE for one that was not even looked at
     * @param with what was tried
     * @param user printable; never a secret
     */
    void login(ErrorCode code, Cause with, String channel, String source, String user) {
        Cause cause = code == ErrorCode.LOGINRATE ? Cause.RATE : with;
        counts.get(cause).increment();
        AUDIT.warn("login refused {} by {} from {}, {}, as '{}'", code.code(), channel, source, cause.reason, user);
    }
}
