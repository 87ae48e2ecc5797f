package org.dvs.cluster.jgroups.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.dvs.cluster.api.View;
import org.dvs.cluster.jgroups.internal.engine.TestNodes.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine. */
class EngineTest {
    @TempDir
    Path folder;

    @Test
    void isAClusterOfOneWithoutAnyConfiguration() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 1)) {
            long begin = System.nanoTime();
            Node node = nodes.start(0);
            View view = node.engine.joined().get(10, TimeUnit.SECONDS);
            System.out.println("one node ready after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            assertTrue(view.primary());
            assertEquals("[0]", node.ids());
        }
    }

    @Test
    void formsOneViewOfThreeThatStartTogether() throws Exception {
        try (TestNodes nodes = new TestNodes(folder, 3)) {
            long begin = System.nanoTime();
            List<Node> all = nodes.startAll();
            System.out.println("three nodes together after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            for (Node node : all) {
                assertEquals("[0, 1, 2]", node.ids());
            }
        }
    }
}
