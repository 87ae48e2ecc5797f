package org.dvs.api.security;

import java.util.Optional;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.Role;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This node's record of who did what. What changes something is written down before it is done; where that fails it is not done.
 *
 * <p>Source: conventions 8 and 12. Thread-safe.
 */
@ProviderType
public interface Audit {

    /**
     * Writes down what is about to be done. Returns when it is on the disk, so it may block for as long as that takes.
     *
     * @throws DvsException {@code NOAUDIT} if it cannot be written: then it must not be done
     */
    void before(AuditEntry entry) throws DvsException;

    /**
     * Takes what has been done or refused; it is in the file shortly afterwards. Never blocks and never fails: what cannot be
     * kept is counted in the file, and until the file can be written again nothing gets past {@link #before}.
     */
    void after(AuditEntry entry);

    /**
     * What somebody else than the node has done to the record since the node started, or while it was down: who reads it should
     * know. One sentence with the time, of the last time; what is missing is for {@code audit verify} to say.
     */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /**
     * Lets a caller do what needs a role, at a face. A refusal is written down.
     *
     * @param entry about what is asked; its step does not matter
     * @throws DvsException {@code PRIVILEGES} unless the caller may
     */
    default void require(Caller caller, Role needed, AuditEntry entry) throws DvsException {
        try {
            caller.require(needed, "'" + entry.request() + "'");
        } catch (DvsException e) {
            after(entry.refused(e));
            throw e;
        }
    }
}
