package org.dvs.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.GatheringByteChannel;
import java.util.HexFormat;

/** A connection to a kernel that says bytes written down before, in pieces of a given length, and takes as few at a time. */
final class ScriptedKernel implements ByteChannel, GatheringByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final ByteBuffer said;
    private final int[] pieces;
    private int piece;
    private boolean open = true;
    private boolean broken;

    /** @param pieces bytes of each read and write; the last counts for all that follow */
    ScriptedKernel(byte[] said, int... pieces) {
        this.said = ByteBuffer.wrap(said);
        this.pieces = pieces;
    }

    /** Everything that was written so far. */
    String taken() {
        return HexFormat.of().formatHex(taken.toByteArray());
    }

    /** Takes nothing any more: the connection is broken. */
    void breaks() {
        broken = true;
    }

    private int next() {
        return pieces[Math.min(piece++, pieces.length - 1)];
    }

    @Override
    public int read(ByteBuffer to) {
        if (!said.hasRemaining()) {
            return -1;
        }
        int length = Math.min(Math.min(next(), said.remaining()), to.remaining());
        to.put(said.slice(said.position(), length));
        said.position(said.position() + length);
        return length;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        if (broken) {
            throw new IOException("planted: a broken connection");
        }
        int length = Math.min(pieces[pieces.length - 1], from.remaining());
        byte[] bytes = new byte[length];
        from.get(bytes);
        taken.writeBytes(bytes);
        return length;
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (from[i].hasRemaining()) {
                return write(from[i]);
            }
        }
        return 0;
    }

    @Override
    public long write(ByteBuffer[] from) throws IOException {
        return write(from, 0, from.length);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
