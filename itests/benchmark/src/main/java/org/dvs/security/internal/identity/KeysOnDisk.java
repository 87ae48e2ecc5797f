package org.dvs.security.internal.identity;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

import org.dvs.api.DvsException;
import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;

/** The identity of a node from its folder of keys, outside of any container; in this package because the class it makes is. */
public final class KeysOnDisk {
    private KeysOnDisk() {
    }

    public static Identity identity(Path keys) throws DvsException {
        return NodeIdentity.of(new KeyFolder(keys, Clock.systemUTC(), new SecureRandom()));
    }
}
