package org.dvs.helper.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.Helper;
import org.dvs.helper.api.HelperReply;
import org.dvs.helper.api.HelperRequest;

/** Has the helper process act. One connection for each request. Thread-safe. */
final class SocketHelper implements Helper {
    private static final long PAUSE_MS = 20;

    private final UnixDomainSocketAddress address;
    private final long restartMs;
    private final List<String> subtree;

    /**
     * @param restartMs how long a helper that is not there may take to come back
     * @param subtree   of control groups, as the helper was told
     */
    SocketHelper(Path socket, long restartMs, List<String> subtree) {
        this.address = UnixDomainSocketAddress.of(socket);
        this.restartMs = restartMs;
        this.subtree = subtree;
    }

    @Override
    public HelperReply ask(HelperRequest request) throws DvsException, InterruptedException {
        try (SocketChannel channel = connect()) {
            Wire.Frame frame = RequestCodec.encode(request);
            Wire.write(new DataOutputStream(new BufferedOutputStream(ChannelStreams.out(channel))), frame.type(), frame.body());
            Wire.Frame reply = Wire.read(new DataInputStream(new BufferedInputStream(ChannelStreams.in(channel))));
            if (reply == null) {
                throw new IOException("end of stream");
            }
            return ReplyCodec.decode(reply);
        } catch (ClosedByInterruptException e) {
            // The interrupt is told by the exception.
            Thread.interrupted();
            throw new InterruptedException("while the privileged helper worked");
        } catch (IOException e) {
            throw new DvsException(ErrorCode.NOTCONN,
                    "the privileged helper ended, or refused this node's user, while the request was"
                    + " under way; look whether it was done", e);
        }
    }

    private SocketChannel connect() throws DvsException, InterruptedException, ClosedByInterruptException {
        Semaphore never = new Semaphore(0);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restartMs);
        while (true) {
            SocketChannel channel = null;
            try {
                channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(address);
                return channel;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                close(channel);
                if (System.nanoTime() > deadline) {
                    throw new DvsException(ErrorCode.AGAIN,
                            "the privileged helper is not there, or is being restarted; nothing was done", e);
                }
            }
            never.tryAcquire(PAUSE_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It never carried anything.
            return;
        }
    }

    @Override
    public boolean separate() {
        return true;
    }

    @Override
    public List<String> subtree() {
        return subtree;
    }

    @Override
    public long pid() throws DvsException, InterruptedException {
        return ask(new HelperRequest.Ping()).number(0);
    }
}
