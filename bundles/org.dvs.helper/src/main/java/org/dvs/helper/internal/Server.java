package org.dvs.helper.internal;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;

import jdk.net.ExtendedSocketOptions;

/**
 * Takes requests over a Unix-domain socket, one for each connection. A connection of another user than those allowed is closed
 * before
 * a byte of it is read. Who closes its side before it has its reply gives the request up: a program that runs for it is ended.
 *
 * <p>Two threads for each connection, at most {@value #CONNECTIONS}; one more is told AGAIN.
 */
final class Server implements AutoCloseable {
    static final int CONNECTIONS = 32;
    private static final long FRAME_LIMIT_MS = 5_000;
    /** Longer than a program has between TERM and KILL. */
    private static final long END_MS = 3_000;

    /** What a request is done by. */
    interface Worker {
        HelperReply work(HelperRequest request) throws DvsException, InterruptedException;
    }

    private final ServerSocketChannel listener;
    private final Worker worker;
    private final Set<String> users;
    private final Semaphore places = new Semaphore(CONNECTIONS);
    private final ExecutorService threads;
    private final ScheduledExecutorService timer;

    /**
     * @param users names of the users whose connections are taken, or their numbers where they have none
     * @throws IOException if the socket cannot be made
     */
    Server(Path socket, Set<String> users, Worker worker) throws IOException {
        this.worker = worker;
        this.users = users;
        Files.deleteIfExists(socket);
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), CONNECTIONS);
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "dvs-helper-connection-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dvs-helper-timer-1");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Accepts until closed. */
    void run() throws IOException {
        try {
            while (true) {
                take(listener.accept());
            }
        } catch (ClosedChannelException e) {
            // Asked to end.
            return;
        }
    }

    /** One more connection, which this closes, at the latest with itself. */
    void take(SocketChannel channel) {
        boolean place = places.tryAcquire();
        try {
            threads.execute(() -> {
                if (place) {
                    serve(channel);
                } else {
                    refuse(channel);
                }
            });
        } catch (RejectedExecutionException e) {
            // It came with the end.
            close(channel);
        }
    }

    private void refuse(SocketChannel channel) {
        try (channel) {
            reply(channel, ReplyCodec.encode(new DvsException(ErrorCode.AGAIN, CONNECTIONS + " requests are under way")));
        } catch (IOException e) {
            // The other side is gone: nobody is left to be told.
            return;
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            if (!users.contains(channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName())) {
                return;
            }
            Future<?> overdue = timer.schedule(() -> close(channel), FRAME_LIMIT_MS, TimeUnit.MILLISECONDS);
            DataInputStream in = new DataInputStream(ChannelStreams.in(channel));
            Wire.Frame frame = Wire.read(in);
            overdue.cancel(false);
            if (frame != null) {
                Future<?> work = threads.submit(() -> answer(channel, frame));
                // Nothing more may come: this waits for the end of either side.
                in.read();
                work.cancel(true);
            }
        } catch (IOException | RejectedExecutionException e) {
            // Not a request of ours, or the other side has gone, or this one is about to.
            return;
        } finally {
            places.release();
        }
    }

    private void answer(SocketChannel channel, Wire.Frame frame) {
        Wire.Frame reply;
        try {
            reply = ReplyCodec.encode(worker.work(RequestCodec.decode(frame)));
        } catch (DvsException e) {
            reply = ReplyCodec.encode(e);
        } catch (IllegalArgumentException e) {
            reply = ReplyCodec.encode(new DvsException(ErrorCode.INVAL, "the helper refused the request: " + e.getMessage()));
        } catch (InterruptedException e) {
            // Given up by who asked.
            return;
        } catch (RuntimeException e) {
            reply = ReplyCodec.encode(new DvsException(ErrorCode.GENERIC, "the helper failed: " + e.getClass().getSimpleName()));
            System.err.println("dvs-helper: defect: " + e);
        }
        try (channel) {
            reply(channel, reply);
        } catch (IOException e) {
            // The other side is gone: nobody is left to be told.
            return;
        }
    }

    private static void reply(SocketChannel channel, Wire.Frame reply) throws IOException {
        Wire.write(new DataOutputStream(new BufferedOutputStream(ChannelStreams.out(channel))), reply.type(), reply.body());
    }

    private static void close(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception e) {
            // It was to be gone, and is of no use.
            return;
        }
    }

    /**
     * Returns when no program runs for a request any more: who was asked to end and does not is killed by the thread that waits
     * for it, and by nobody once this process is gone. That of an asker who has gone is at it already, and a second interrupt
     * would take the program's time to end from it.
     */
    @Override
    public synchronized void close() {
        close(listener);
        timer.shutdownNow();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(END_MS, TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(END_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
