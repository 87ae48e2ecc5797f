package org.dvs.proxy.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.dvs.kernel.api.Command;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Fault;
import org.dvs.proxy.internal.frame.Frame;
import org.dvs.proxy.internal.frame.FrameDecoder;
import org.dvs.proxy.internal.frame.FrameEncoder;
import org.dvs.proxy.internal.frame.FrameLayout;
import org.dvs.proxy.internal.frame.Hello;
import org.dvs.proxy.internal.frame.Options;

/** A peer that says whatever a test wants, over a plain socket; in the first version of frames unless a test says more. */
final class RawPeer implements AutoCloseable {
    static final Options OPTIONS = new Options(true, true, true, true, true, DigestKind.CRC32C);
    private static final int WAIT_MS = 20_000;

    final FrameEncoder encoder = new FrameEncoder();
    private final FrameDecoder decoder = new FrameDecoder(65_536);
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    /** The newest frame that came, and its header. */
    ByteBuffer frame;
    final Frame header = new Frame();

    RawPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(WAIT_MS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        encoder.agreed(OPTIONS.digest(), true, FrameLayout.VERSION);
    }

    static Hello hello(int node, long incarnation, long attempt) {
        return new Hello(node, "node" + node, incarnation, attempt, 65_536, OPTIONS, 0, 0, 0, FrameLayout.VERSION, 3_000);
    }

    static ByteBuffer bytes(Consumer<ByteBuffer> written) {
        ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.dataBytes(65_536, true));
        written.accept(frame);
        return frame.flip();
    }

    void send(ByteBuffer bytes) throws IOException {
        ByteBuffer whole = ByteBuffer.allocate(4 + bytes.remaining()).putInt(bytes.remaining()).put(bytes);
        raw(whole.array());
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void send(Hello hello) throws IOException {
        send(bytes(to -> encoder.hello(to, FrameLayout.HELLO, hello, 0)));
    }

    void send(Command command, long sequence) throws IOException {
        send(bytes(command, sequence));
    }

    /** A frame with one command. */
    ByteBuffer bytes(Command command, long sequence) {
        return bytes(to -> {
            if (command.payload == null) {
                encoder.commands(to, new Command[] {command}, 1, false, sequence);
            } else {
                encoder.data(to, command, false, sequence);
            }
        });
    }

    /** Reads the next frame that is no sign of life. @return its type; -1 at the end */
    int next() throws IOException {
        int type;
        do {
            type = nextOfAll();
        } while (type == FrameLayout.ALIVE);
        return type;
    }

    /** Reads the next frame. @return its type; -1 at the end */
    int nextOfAll() throws IOException {
        int length;
        try {
            length = in.readInt();
            frame = ByteBuffer.wrap(in.readNBytes(length));
        } catch (java.io.EOFException | java.net.SocketException e) {
            return -1;
        }
        if (frame.limit() < length) {
            return -1;
        }
        Fault fault = decoder.header(frame, header);
        if (fault != null) {
            throw new AssertionError("the node sent a bad frame: " + fault);
        }
        return header.type;
    }

    Command command() {
        return commands().get(0);
    }

    /** All of the frame, of a batch several. */
    List<Command> commands() {
        Command command = new Command();
        boolean data = header.has(FrameLayout.DATA);
        Fault fault = data ? decoder.data(frame, header, command) : decoder.commands(frame, header, command);
        if (fault != null) {
            throw new AssertionError(fault);
        }
        List<Command> commands = new ArrayList<>();
        do {
            commands.add(new Command().set(command));
        } while (!data && decoder.next(command));
        return commands;
    }

    /** Reads to the end. @return why the node ended it; null if it did not say */
    Fault end() throws IOException {
        Fault why = null;
        for (int type = next(); type != -1; type = next()) {
            if (type == FrameLayout.END) {
                why = FrameDecoder.why(frame);
            }
        }
        return why;
    }

    /** Waits a little for the end while nothing comes. @return whether it has come */
    boolean ended(int withinMs) throws IOException {
        socket.setSoTimeout(withinMs);
        try {
            while (in.read() != -1) {
                // What it says does not matter here.
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
