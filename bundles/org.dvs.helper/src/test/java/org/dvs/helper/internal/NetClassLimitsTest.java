package org.dvs.helper.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.dvs.procfs.ControlGroups;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same on a machine of version 1, where the class of {@code net_cls} tells groups apart: its tree is mounted for this test in
 * a mount namespace that ends with it; skipped where the kernel has no such controller. Names finish the sentence "the limits of
 * a group's traffic …".
 */
@Tag("R-CMD-15")
class NetClassLimitsTest extends NetLimitsTest {
    private static final String MOUNT = "mount --make-rprivate / && mount -t cgroup -o net_cls none \"$1\" && echo mounted && "
            + "exec sleep 300";

    @TempDir
    private Path machine;
    private Sleeper holder;

    @Override
    ControlGroups controllers() throws Exception {
        Path folder = Files.createDirectories(machine.resolve("mounted"));
        holder = new Sleeper("/usr/bin/unshare", "--mount", "--", "/bin/sh", "-c", MOUNT, "-", folder.toString());
        assumeTrue("mounted".equals(holder.process().inputReader().readLine()), "this kernel has no controller net_cls");
        Files.createSymbolicLink(machine.resolve("net"), Path.of("/proc/" + holder.pid() + "/root" + folder));
        Files.createDirectories(machine.resolve("proc/self"));
        Files.writeString(machine.resolve("proc/self/mountinfo"), "30 20 0:26 / /net rw,relatime - cgroup none rw,net_cls\n");
        return ControlGroups.read(machine);
    }

    @Override
    void release() {
        if (holder != null) {
            holder.close();
            assertEquals(true, awaitEnd(), "the namespace ends with its last process");
        }
    }

    private boolean awaitEnd() {
        try {
            return holder.process().waitFor(60, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    boolean tellsWhatIsReceived() {
        return false;
    }
}
