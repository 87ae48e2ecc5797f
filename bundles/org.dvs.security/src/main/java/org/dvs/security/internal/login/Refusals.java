package org.dvs.security.internal.login;

import org.dvs.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's record of logins that were refused: {@code data/log/security.log}, to which the logger {@code audit} leads. */
final class Refusals {
    private static final Logger AUDIT = LoggerFactory.getLogger("audit.login");

    private Refusals() {
    }

    /**
     * One line. What a client chose stands last, so that it can pass for nothing else.
     *
     * @param code NOLOGIN, or LOGINRATE for one that was not even looked at
     * @param user printable; never a secret
     */
    static void login(ErrorCode code, String channel, String source, String user) {
        AUDIT.warn("login refused {} by {} from {} as '{}'", code.code(), channel, source, user);
    }
}
