package org.dvs.transport.api;

import org.osgi.annotation.versioning.ProviderType;

/** An open listener. Thread-safe. */
@ProviderType
public interface Listener {

    String name();

    /** With the port that was chosen where 0 was asked for. */
    Address address();

    /**
     * Accepts no more and gives the address free, within 5 s; its connections stay. Not for a bundle that goes to be replaced:
     * what it leaves open is there for the next version ({@link Transport#listener}), and closed by itself when its protocol has
     * been away for {@link Limits#parkMs}.
     */
    void close();
}
