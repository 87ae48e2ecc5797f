package org.dvs.agent.host.internal;

import java.io.File;
import java.io.IOException;

/** Asks the operating system for the space of a mounted file system; see statvfs(3). May hang on a dead mount. */
@FunctionalInterface
interface SpaceReader {
    /** Through the JDK, which does not tell about inodes. */
    SpaceReader JDK = target -> {
        File mount = new File(target);
        return new Space(mount.getTotalSpace(), mount.getFreeSpace(), mount.getUsableSpace(), -1, -1);
    };

    /** @param target where it is mounted */
    Space read(String target) throws IOException;
}
