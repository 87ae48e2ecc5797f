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
 * @param proof   which password, token or key was shown, as a digest that gives nothing of it away; empty if none was, or
 *                another node has seen it: it never leaves the node where the login was
 */
public record Caller(String user, Set<Role> roles, String channel, String source, String proof) {
    /** The channel of what a node asks by itself. Its jobs are listed nowhere. */
    public static final String INTERNAL = "internal";

    public Caller {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(proof, "proof");
        roles = roles.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(roles));
    }

    /** Somebody who has shown nothing here. */
    public Caller(String user, Set<Role> roles, String channel, String source) {
        this(user, roles, channel, source, "");
    }

    /** @return the same somebody with the same proof, at another face */
    public Caller at(String newChannel, String newSource) {
        return new Caller(user, roles, newChannel, newSource, proof);
    }

    /** @return the same login with other roles */
    public Caller with(Set<Role> newRoles) {
        return new Caller(user, newRoles, channel, source, proof);
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
