package org.dvs.api.security;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The accounts that this node knows. A request comes with the roles that the node which was asked gave its caller; the node that
 * executes it believes them only as far as its own accounts go. Source: conventions 12. Thread-safe; does not block.
 */
@ProviderType
public interface Accounts {

    /**
     * @param caller as a request from another node names him
     * @throws DvsException {@code PRIVILEGES} if this node does not know him, or not with all the roles claimed
     */
    void confirm(Caller caller) throws DvsException;

    /**
     * What somebody who has logged in earlier is now: a session, a link or an open shell outlives the login that made it, and
     * accounts are taken away and changed meanwhile.
     *
     * @return words of all roles that the account has now, Karaf's own among them; of the account whose password, token or key
     *         has the caller's {@link Caller#proof proof}, or of all of his name if he has none
     * @throws DvsException {@code NOLOGIN} if the account is gone, or has another password, token or key by now
     */
    Set<String> roles(Caller caller) throws DvsException;

    /**
     * @return the caller with the roles that his account has now, as far as those held before include them: more takes a new
     *         login
     * @throws DvsException {@code NOLOGIN} as {@link #roles}
     */
    default Caller current(Caller caller) throws DvsException {
        Set<String> words = roles(caller);
        Set<Role> kept = Arrays.stream(Role.values()).filter(role -> words.contains(role.word()) && caller.may(role))
                .collect(Collectors.toSet());
        return kept.equals(caller.roles()) ? caller : caller.with(kept);
    }
}
