package org.dvs.proxy.internal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import org.dvs.api.security.Identity;
import org.dvs.security.internal.identity.NodeIdentity;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;

/** A cluster's authority, as a real one has it, and the nodes it vouches for. */
final class TestAuthority {
    private final Path folder;
    private final KeyFolder authority;

    TestAuthority(Path folder, String cluster) throws Exception {
        this.folder = folder;
        authority = keys(folder.resolve("authority"));
        authority.init(cluster);
    }

    /** @return where the node's keys are, for {@link #identity} */
    Path issue(int node) throws Exception {
        Path keys = folder.resolve("node" + node);
        authority.issue(new NodeName(node, "node" + node, List.of()), keys(keys));
        return keys;
    }

    static Identity identity(Path keys) throws Exception {
        return NodeIdentity.of(keys(keys));
    }

    private static KeyFolder keys(Path folder) {
        return new KeyFolder(folder, Clock.systemUTC(), new SecureRandom());
    }
}
