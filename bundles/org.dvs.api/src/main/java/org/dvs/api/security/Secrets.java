package org.dvs.api.security;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads the secrets that settings refer to. Who needs one reads it at the moment of use and keeps it no longer than that, so that
 * a secret that was changed counts from the next use on. An OSGi service; thread-safe; blocks for a read of a small file.
 *
 * <p>Source: conventions 4 and 12.
 */
@ProviderType
public interface Secrets {

    /**
     * @param reference as in a setting, see {@link SecretReference}
     * @return the secret without the line end behind it, not empty; the caller's to wipe
     * @throws DvsException {@code CLEARSECRET} for a text that is no reference; {@code NOSECRET} naming the reference and what is
     *                      wrong with it, never what was read
     */
    char[] read(String reference) throws DvsException;
}
