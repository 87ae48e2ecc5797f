package org.dvs.proxy.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.testkit.Ports;

/** Two nodes, 0 and 1, that reach each other on loopback. */
final class Pair implements AutoCloseable {
    final TestNode[] nodes = new TestNode[2];
    /** Null if they reach each other without one. */
    final Cable cable;

    private Pair(Cable cable) {
        this.cable = cable;
    }

    /** Two nodes whose files say how they reach each other. */
    Pair(TestNode zero, TestNode one) {
        this((Cable) null);
        nodes[0] = zero;
        nodes[1] = one;
    }

    /**
     * @param zero options of node 0's block, such as {@code batch YES;}
     * @param one  options of node 1's block
     */
    Pair(Path folder, String zero, String one) throws Exception {
        cable = null;
        int base = Ports.row(2);
        String bases = "node node0 { nodeid 0; baseport " + base + "; };\nnode node1 { nodeid 1; baseport " + base + "; };\n";
        nodes[0] = new TestNode(folder, 0, bases + "proxy localhost { proxyid 1; " + zero + " };\n");
        nodes[1] = new TestNode(folder, 1, bases + "proxy localhost { proxyid 0; " + one + " };\n");
    }

    Pair(Path folder, String options) throws Exception {
        this(folder, options, options);
    }

    /** Two nodes that reach each other through a cable only, and hear soon of whatever happens to it. */
    static Pair over(Path folder, String options, Map<String, Object> limits) throws Exception {
        int base = Ports.row(2);
        Cable cable = new Cable(base, base + 1);
        Pair pair = new Pair(cable);
        for (int id = 0; id < 2; id++) {
            pair.nodes[id] = new TestNode(folder, id, "node node" + id + " { nodeid " + id + "; baseport " + base + "; };\n"
                    + "proxy localhost { proxyid " + (1 - id) + "; sport " + cable.door(id) + "; " + options + " };\n",
                    DvsParameters.DEFAULT, limits).set("heartbeatMs", 100).set("silenceMs", 1_000).set("greetingMs", 1_000)
                    .set("reconnectMinMs", 10).set("reconnectMaxMs", 100);
        }
        return pair;
    }

    Pair start() throws Exception {
        nodes[0].start();
        nodes[1].start();
        return awaitUp();
    }

    Pair awaitUp() {
        await(() -> nodes[0].link(1).state().equals("up") && nodes[1].link(0).state().equals("up"));
        return this;
    }

    /** Waits until something holds. */
    static void await(Callable<Boolean> condition) {
        Awaitility.await().atMost(TestNode.WAIT_MS, TimeUnit.MILLISECONDS).pollInterval(2, TimeUnit.MILLISECONDS)
                .until(condition);
    }

    /** Both at once: each waits for the ends of its loops, which takes a tenth of a second. */
    @Override
    public void close() throws Exception {
        FutureTask<Void> one = new FutureTask<>(() -> {
            nodes[1].close();
            return null;
        });
        new Thread(one, "closes-node1").start();
        nodes[0].close();
        one.get();
        if (cable != null) {
            cable.close();
        }
    }
}
