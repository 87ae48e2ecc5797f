package org.dvs.proxy.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network between two nodes of this JVM, that breaks as a test wants: node 0 reaches node 1 at one port of it, and node 1
 * node 0 at the other. Bytes go by {@link #way}, the number of the node that sends them.
 */
final class Cable implements AutoCloseable {
    private static final int PIECE = 4_096;

    /** One connection through it. */
    private record Line(Socket dialer, Socket target, AtomicInteger ended) {
        /** One direction has come to its end. @return whether both have */
        boolean end() throws IOException {
            boolean both = ended.incrementAndGet() == 2;
            if (both) {
                dialer.close();
                target.close();
            }
            return both;
        }

        void cut() {
            for (Socket end : new Socket[] {dialer, target}) {
                try {
                    // Ends as one whose machine has gone: with a reset, and what is on the way is lost.
                    end.setSoLinger(true, 0);
                    end.close();
                } catch (IOException e) {
                    // It has ended by itself.
                }
            }
        }
    }

    private final ServerSocket[] doors = new ServerSocket[2];
    private final int[] targets = new int[2];
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final boolean[] silent = new boolean[2];
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    private boolean down;

    /** @param zero where node 0 listens */
    Cable(int zero, int one) throws IOException {
        targets[0] = one;
        targets[1] = zero;
        for (int node = 0; node < 2; node++) {
            doors[node] = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            int from = node;
            start(() -> accept(from), "cable-" + node);
        }
    }

    /** Where a node finds the other one. */
    int door(int node) {
        return doors[node].getLocalPort();
    }

    private static void start(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(int from) {
        while (!doors[from].isClosed()) {
            try {
                Socket dialer = doors[from].accept();
                if (isDown()) {
                    dialer.close();
                    continue;
                }
                Line line = new Line(dialer, target(dialer, targets[from]), new AtomicInteger());
                lines.add(line);
                if (isDown()) {
                    // It was cut meanwhile, and this one may have come too late for that.
                    line.cut();
                    lines.remove(line);
                    continue;
                }
                start(() -> carry(line, line.dialer, line.target, from), "cable-out");
                start(() -> carry(line, line.target, line.dialer, 1 - from), "cable-back");
            } catch (IOException e) {
                // The door was closed, or the node is not there: who dialed sees that.
            }
        }
    }

    /** Who dialed is to see it if nobody listens there, and its socket must not be left behind. */
    private static Socket target(Socket dialer, int port) throws IOException {
        try {
            return new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
            dialer.close();
            throw e;
        }
    }

    private void carry(Line line, Socket from, Socket to, int way) {
        byte[] piece = new byte[PIECE];
        try {
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                awaitVoice(way);
                long rest = left.addAndGet(-count) + count;
                out.write(piece, 0, (int) Math.max(0, Math.min(count, rest)));
                if (rest <= count) {
                    break;
                }
            }
            if (left.get() > 0) {
                // The end of one direction goes on as that.
                to.shutdownOutput();
                if (line.end()) {
                    lines.remove(line);
                }
                return;
            }
        } catch (IOException e) {
            // The line was cut, or a node has gone.
        }
        line.cut();
        lines.remove(line);
    }

    /** As in a network that lost its way: what is sent waits for nobody knows how long. */
    private synchronized void awaitVoice(int way) throws IOException {
        while (silent[way]) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** What this node sends does not arrive, and nobody is told; true again lets it through, late. */
    synchronized void silence(int way, boolean now) {
        silent[way] = now;
        notifyAll();
    }

    private synchronized boolean isDown() {
        return down;
    }

    /** All connections break now, and none can be made until {@link #mend}. */
    void cut() {
        synchronized (this) {
            down = true;
        }
        breakAll();
    }

    /** All connections break now; others can be made at once. */
    void breakAll() {
        // One by one: another one may come meanwhile, and is to be cut the next time.
        lines.removeIf(line -> {
            line.cut();
            return true;
        });
    }

    /** Breaks the connection that carries the byte after so many. */
    void breakAfter(long bytes) {
        left.set(bytes);
    }

    /** Everything goes through again. */
    synchronized void mend() {
        down = false;
        left.set(Long.MAX_VALUE);
        silent[0] = false;
        silent[1] = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        mend();
        for (ServerSocket door : doors) {
            door.close();
        }
        breakAll();
    }
}
