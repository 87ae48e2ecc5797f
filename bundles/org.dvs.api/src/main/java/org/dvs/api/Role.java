package org.dvs.api;

import java.util.Locale;

/**
 * What a caller may do. One table for shell, SSH, REST and the command line; checked on the node that executes.
 *
 * <p>Source: conventions 12 (roles viewer, operator, admin, auditor; default deny).
 */
public enum Role {
    /** Reads state; changes nothing. */
    VIEWER,
    /** Runs requests that change nodes, and host commands of the allow-list. */
    OPERATOR,
    /** Changes membership, security and configuration. */
    ADMIN,
    /** Reads everything a viewer reads, and the audit. */
    AUDITOR;

    /** @return true if a caller who holds this role may do what asks for {@code needed} */
    public boolean includes(Role needed) {
        return switch (this) {
            case ADMIN -> needed != AUDITOR;
            case OPERATOR -> needed == OPERATOR || needed == VIEWER;
            case VIEWER -> needed == VIEWER;
            case AUDITOR -> needed == AUDITOR || needed == VIEWER;
        };
    }

    /** The role's name as users see and write it: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
