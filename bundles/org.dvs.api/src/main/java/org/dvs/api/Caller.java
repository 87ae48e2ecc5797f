package org.dvs.api;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Who asks. Travels with every request to the nodes that execute it and is checked there again.
 *
 * @param user    login name, or the name of a token
 * @param roles   roles held; empty means nothing is allowed
 * @param channel the face used: {@code shell}, {@code rest}, {@code cli}, {@code web}, {@link #INTERNAL}
 * @param source  where the call came from: an address, or {@code local}
 */
public record Caller(String user, Set<Role> roles, String channel, String source) {
    /** The channel of what a node asks by itself. Its jobs are listed nowhere. */
    public static final String INTERNAL = "internal";

    public Caller {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(source, "source");
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
    }

    /** @return true if any role held includes {@code needed} */
    public boolean may(Role needed) {
        return roles.stream().anyMatch(role -> role.includes(needed));
    }

    /** @throws DvsException {@link ErrorCode#PRIVILEGES} unless this caller {@link #may} */
    public void require(Role needed, String what) throws DvsException {
        if (!may(needed)) {
            throw new DvsException(ErrorCode.PRIVILEGES, what + " needs role " + needed.word()
                    + "; " + user + " has " + (roles.isEmpty() ? "none" : words()));
        }
    }

    private String words() {
        return String.join(", ", roles.stream().map(Role::word).sorted().toList());
    }
}
