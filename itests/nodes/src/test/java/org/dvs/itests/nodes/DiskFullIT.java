package org.dvs.itests.nodes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names finish the sentence "a node whose disk is full …". */
@Tag("R-CMD-19")
@ExtendWith(ThreeNodes.class)
class DiskFullIT {
    private static final String NODE = "node2";
    private static final String REASON = "No space left on device";
    private static final int MOST_CHANGES = 50;

    /** Without the space that a segment has put aside: on a full disk the next entry then finds none. */
    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        LocalCluster.run("cp", "-a", "--sparse=always", from + "/.", to.toString());
    }

    /** Takes what space is left. */
    private static void fill(Path filler) throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full.getMessage());
        }
    }

    @Test
    void stopsSaysWhyAndLeavesTheOthersAtWork(LocalCluster cluster) throws Exception {
        if (!"0".equals(String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid")))) {
            System.out.println("DiskFullIT is skipped: a small tmpfs needs root");
            assumeTrue(false, "a small tmpfs needs root");
        }
        Path log = cluster.folder(NODE).resolve("data/cluster");
        Path kept = cluster.folder(NODE).resolve("data/cluster.kept");
        cluster.kill(NODE);
        Files.move(log, kept);
        Files.createDirectories(log);
        LocalCluster.run("mount", "-t", "tmpfs", "-o", "mode=700,size=24m", "tmpfs", log.toString());
        try {
            copy(kept, log);
            cluster.whole();
            fill(log.resolve("filler"));

            // Agreed by the two others, whether or not the third can write it down.
            Api api = new Api(cluster, "node0");
            int changes = 0;
            while (!cluster.log(NODE).contains(REASON) && changes++ < MOST_CHANGES) {
                List<String> init = api.call("dvs", "init", "--nodes", "node0").get(30, SECONDS);
                assertEquals("x0", init.get(init.size() - 1), init.toString());
                List<String> end = api.call("dvs", "end", "--nodes", "node0", "--yes").get(30, SECONDS);
                assertEquals("x0", end.get(end.size() - 1), end.toString());
            }

            System.out.println("disk full: the node stopped after " + changes + " rounds");
            await().atMost(30, SECONDS).until(() -> cluster.log(NODE).contains(REASON));
            assertTrue(cluster.log(NODE).contains(log + ": " + REASON), "the log names the place");
            await().atMost(30, SECONDS).until(() -> cluster.dvs("host", "df", "--all", "-o", "json").counts().equals("2,0,1,0"));
            List<String> asked = new Api(cluster, NODE).call("dvs", "init").get(30, SECONDS);
            assertTrue(asked.toString().contains("DVS-CLU-1011") || asked.toString().contains("DVS-CLU-0106"), asked.toString());

            // Mended: the disk has room again and the node is started anew.
            Files.delete(log.resolve("filler"));
            cluster.kill(NODE);
            cluster.whole();
        } finally {
            if (cluster.pid(NODE) != 0) {
                cluster.kill(NODE);
            }
            Files.deleteIfExists(log.resolve("filler"));
            try (Stream<Path> old = Files.walk(kept)) {
                for (Path file : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            copy(log, kept);
            LocalCluster.run("umount", log.toString());
            Files.delete(log);
            Files.move(kept, log);
        }
    }
}
