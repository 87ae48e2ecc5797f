package org.dvs.api.security;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ProviderType;

/** Turns what a client presents into a {@link Caller}. Thread-safe; failed tries are counted and limited. */
@ProviderType
public interface Authenticator {

    /**
     * Checks against Karaf's realm. Takes the same time for unknown users.
     *
     * @param channel the face, as in {@link Caller#channel}
     * @param source  address of the client
     * @throws DvsException {@code NOLOGIN}, or {@code LOGINRATE} after too many failures for this user and address
     */
    Caller password(String user, char[] password, String channel, String source) throws DvsException;

    /** Checks a bearer token; failures as {@link #password}. */
    Caller token(String token, String channel, String source) throws DvsException;
}
