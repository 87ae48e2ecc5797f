package org.dvs.cluster.jgroups.internal.transport;

import java.net.InetAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jgroups.util.ThreadFactory;

/**
 * Those who have connected to this node and have not proved yet who they are: on threads of their own, so that they take none
 * from the node's own connects, so many in all and of one address, and none for longer than a while, however slowly it speaks.
 * Thread-safe.
 */
final class Guests {
    static final int AT_ONCE = 64;
    /** Not on loopback, where all nodes of a test cluster are, and where only those come who are on this host already. */
    static final int OF_ONE_ADDRESS = 8;

    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor clock;
    private final long withinMs;
    private final Set<Socket> guests = new HashSet<>();
    private boolean stopped;

    /** @param withinMs after this time the socket of a guest is closed */
    Guests(ThreadFactory factory, long withinMs) {
        this.withinMs = withinMs;
        threads = new ThreadPoolExecutor(0, AT_ONCE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(),
                task -> factory.newThread(task, "dvs-cluster-welcome"));
        clock = new ScheduledThreadPoolExecutor(1, task -> factory.newThread(task, "dvs-cluster-patience"));
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(5, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
    }

    /**
     * @param handshake fails when the socket is closed
     * @return false if there are too many already, or this was stopped: then nothing happens
     */
    boolean welcome(Socket guest, Runnable handshake) {
        if (!enter(guest)) {
            return false;
        }
        try {
            ScheduledFuture<?> deadline = clock.schedule(() -> SecureServer.close(guest), withinMs, TimeUnit.MILLISECONDS);
            threads.execute(() -> {
                try {
                    handshake.run();
                } finally {
                    deadline.cancel(false);
                    leave(guest);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            // The last one's thread is not free again yet, or this is being stopped.
            leave(guest);
            return false;
        }
    }

    private synchronized boolean enter(Socket guest) {
        InetAddress host = guest.getInetAddress();
        long ofHost = guests.stream().filter(other -> other.getInetAddress().equals(host)).count();
        return !stopped && host != null && guests.size() < AT_ONCE && (host.isLoopbackAddress() || ofHost < OF_ONE_ADDRESS)
                && guests.add(guest);
    }

    private synchronized void leave(Socket guest) {
        guests.remove(guest);
    }

    /** Ends all handshakes. */
    void stop() {
        Set<Socket> left;
        synchronized (this) {
            stopped = true;
            left = Set.copyOf(guests);
        }
        left.forEach(SecureServer::close);
        threads.shutdownNow();
        clock.shutdownNow();
    }
}
