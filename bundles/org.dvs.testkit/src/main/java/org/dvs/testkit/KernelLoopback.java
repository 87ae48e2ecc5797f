package org.dvs.testkit;

import java.util.List;
import java.util.concurrent.Semaphore;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.api.ProxyPair;

/**
 * Joins two kernels in one JVM by a proxy pair on each, as a network with perfect proxies would: each command is taken from one
 * kernel, copied as bytes, and put into the other, in order. Commands can be held back, and the connection dropped.
 *
 * <p><b>Threads.</b> Commands move when {@link #deliver} is called, on its thread; or, from {@link #start} on, by a thread
 * of this class as soon as they come. Handlers of programs run on that thread. All methods are thread-safe.
 */
public final class KernelLoopback implements AutoCloseable {
    private static final int MAX_BATCH = 546;
    private static final long END_WITHIN_MS = 5_000;

    /** Of the first kernel; its id is the other node's, as is the second's. */
    private final ProxyPair first;
    private final ProxyPair second;
    private final int firstNode;
    private final int secondNode;
    private final LoopbackDirection there;
    private final LoopbackDirection back;
    private final Semaphore work = new Semaphore(0);
    private Thread mover;
    private volatile boolean closed;

    private KernelLoopback(Kernel a, Kernel b) throws DvsException {
        firstNode = a.localNode();
        secondNode = b.localNode();
        first = a.proxiesBind("to-node" + secondNode, secondNode, a.dvs().maxCopybuf(), MAX_BATCH);
        second = b.proxiesBind("to-node" + firstNode, firstNode, b.dvs().maxCopybuf(), MAX_BATCH);
        there = new LoopbackDirection(first, second);
        back = new LoopbackDirection(second, first);
        connect();
        a.nodeUp("node" + secondNode, secondNode, secondNode);
        b.nodeUp("node" + firstNode, firstNode, firstNode);
        first.onWork(work::release);
        second.onWork(work::release);
    }

    /**
     * Binds and connects a pair on each side and registers the other node; DCs get their members from the caller.
     *
     * @throws DvsException of the kernels, such as {@code RSCBUSY} if they are joined already
     */
    public static KernelLoopback join(Kernel a, Kernel b) throws DvsException {
        return new KernelLoopback(a, b);
    }

    /** Makes each of the two nodes a member of the DC at the other one. */
    public static void members(int dcid, Kernel a, Kernel b) throws DvsException {
        a.addNode(dcid, b.localNode());
        b.addNode(dcid, a.localNode());
    }

    /** Has a thread move commands from now on, until {@link #close}. */
    public synchronized KernelLoopback start() {
        mover = new Thread(this::move, "dvs-loopback-" + firstNode + "-" + secondNode);
        mover.setDaemon(true);
        mover.start();
        return this;
    }

    private void move() {
        try {
            while (!closed) {
                work.acquire();
                work.drainPermits();
                deliver();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Moves commands both ways until there are none that may. @return how many moved */
    public int deliver() {
        int moved = 0;
        int now;
        do {
            now = there.move() + back.move();
            moved += now;
        } while (now > 0);
        return moved;
    }

    /** Commands towards this node are taken from their kernel from now on and kept; {@link #release} delivers them. */
    public void hold(int node) {
        towards(node).hold(true);
    }

    /** Ends {@link #hold}. They move at the next {@link #deliver}, or at once where a thread moves them. */
    public void release(int node) {
        towards(node).hold(false);
        work.release();
    }

    /** Commands held back on their way to a node. */
    public int held(int node) {
        return towards(node).held();
    }

    private LoopbackDirection towards(int node) {
        if (node != firstNode && node != secondNode) {
            throw new IllegalArgumentException("node " + node + " is not joined here");
        }
        return node == secondNode ? there : back;
    }

    /** Cuts the connection: what is under way is lost, and both kernels are told. */
    public void drop() {
        there.drop();
        back.drop();
        for (ProxyPair pair : new ProxyPair[] {first, second}) {
            pair.disconnectSender();
            pair.disconnectReceiver();
        }
    }

    /** Connects both ways, again after {@link #drop}. */
    public void connect() {
        for (ProxyPair pair : new ProxyPair[] {first, second}) {
            pair.connectReceiver();
            pair.connectSender();
        }
    }

    /** Codes of the commands delivered since this was asked the last time, in their order, towards this node. */
    public List<Integer> delivered(int node) {
        return towards(node).takeDelivered();
    }

    /** The newest command that went to this node, as it arrived; null before the first. */
    public Command last(int node) {
        return towards(node).last();
    }

    /** The pair of the kernel of this node. */
    public ProxyPair pairOf(int node) {
        return towards(node) == there ? second : first;
    }

    /** Stops the thread; pairs stay bound. */
    @Override
    public void close() {
        closed = true;
        work.release();
        Thread running;
        synchronized (this) {
            running = mover;
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(END_WITHIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
