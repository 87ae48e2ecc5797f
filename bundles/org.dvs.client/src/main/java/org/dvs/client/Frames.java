package org.dvs.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;

/** Writes the frames of calls; each method leaves the buffer ready to be sent, the length before the frame. Not thread-safe. */
final class Frames {
    private static final int LENGTH_BYTES = 4;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LENGTH_BYTES + 2 * GateOp.HEADER_BYTES);

    private ByteBuffer begin(byte op) {
        return buffer.clear().position(LENGTH_BYTES).put(op);
    }

    /** @param more bytes that follow from elsewhere */
    private ByteBuffer end(int more) {
        return buffer.putInt(0, buffer.position() - LENGTH_BYTES + more).flip();
    }

    /** @param frame ready to be sent; becomes one of another call with the same fields */
    static ByteBuffer withOp(ByteBuffer frame, byte op) {
        return frame.put(LENGTH_BYTES, op);
    }

    /** @param name checked before: of a legal length */
    ByteBuffer bind(int dcid, int endpoint, String name, BindKind kind, int node) {
        begin(GateOp.BIND).putInt(GateOp.MAGIC).putShort(GateOp.VERSION).put((byte) kind.ordinal())
                .putInt(dcid).putInt(endpoint).putInt(node).put(bytes(name));
        return end(0);
    }

    ByteBuffer attach(String name) {
        begin(GateOp.ATTACH).putInt(GateOp.MAGIC).putShort(GateOp.VERSION).put(bytes(name));
        return end(0);
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    ByteBuffer peer(byte op, int peer, long timeoutMs) {
        begin(op).putInt(peer).putLong(timeoutMs);
        return end(0);
    }

    ByteBuffer message(byte op, int peer, long timeoutMs, Message message) {
        message.write(begin(op).putInt(peer).putLong(timeoutMs));
        return end(0);
    }

    ByteBuffer ntfy(int peer, long timeoutMs, int value) {
        begin(GateOp.NOTIFY).putInt(peer).putLong(timeoutMs).putInt(value);
        return end(0);
    }

    ByteBuffer vcopy(int source, long sourceAddress, int destination, long destinationAddress, int bytes) {
        begin(GateOp.VCOPY).putInt(source).putLong(sourceAddress).putInt(destination).putLong(destinationAddress).putInt(bytes);
        return end(0);
    }

    ByteBuffer number(byte op, int number) {
        begin(op).putInt(number);
        return end(0);
    }

    /** @param bytes that follow */
    ByteBuffer copied(byte op, int id, int rcode, int bytes) {
        begin(op).putInt(id).putInt(rcode);
        return end(bytes);
    }
}
