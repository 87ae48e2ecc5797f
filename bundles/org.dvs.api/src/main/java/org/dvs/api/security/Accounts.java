package org.dvs.api.security;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
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
}
