package org.dvs.security.internal.identity;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import org.dvs.api.security.Identity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;

/** Identities of real authorities; in this package because the class that has them is. */
public final class TestKeys {
    private TestKeys() {
    }

    /** The first node of a cluster of its own. */
    public static Identity cluster(Path folder, String cluster) throws Exception {
        KeyFolder keys = keys(folder);
        keys.init(cluster);
        keys.issue(new NodeName(0, "node0", List.of()), keys);
        return NodeIdentity.of(keys);
    }

    /** Another node of the cluster whose authority is in the first folder. */
    public static Identity node(Path authority, Path folder, int id) throws Exception {
        KeyFolder keys = keys(folder);
        keys(authority).issue(new NodeName(id, "node" + id, List.of()), keys);
        return NodeIdentity.of(keys);
    }

    private static KeyFolder keys(Path folder) {
        return new KeyFolder(folder, Clock.systemUTC(), new SecureRandom());
    }
}
