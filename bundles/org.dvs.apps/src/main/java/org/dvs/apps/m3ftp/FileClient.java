package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;

/**
 * <em>m3ftp</em>'s client: gets and puts whole files, block by block. A file gets its name when it is whole and its digest is
 * that of the other side; what an attempt that broke has brought can be gone on with. Used by one thread.
 *
 * <p>Errors are those of the calls, those of the server for a file ({@code NOENT}, {@code ACCES}, {@code ROFS}, {@code NOSPC}
 * ...), and {@code IO} when the digests differ.
 */
public final class FileClient implements AutoCloseable {
    private final Endpoint self;
    private final int server;
    private final long timeoutMs;
    private final ByteBuffer block;
    private final long address;
    private final Message message = new Message();
    private final DigestThread digests = new DigestThread();
    /** Its name at the server. */
    private String file = "";

    /**
     * @param blockBytes 4,096 to {@link #MAX_BLOCK}
     * @param timeoutMs  of each block
     */
    public FileClient(Endpoint self, int server, int blockBytes, long timeoutMs) {
        this.self = self;
        this.server = server;
        this.timeoutMs = timeoutMs;
        block = ByteBuffer.allocateDirect(blockBytes);
        address = self.memory().expose(block);
    }

    /** Most bytes in a block: the kernel's max_copylen, unless that was changed. */
    public static final int MAX_BLOCK = Wire.MAX_BLOCK;

    /**
     * Fetches a file.
     *
     * @param remote its name at the server
     * @param local  where it goes; replaced when the file is whole
     * @param resume go on with what an earlier attempt brought, if that is a beginning of the file
     */
    public Transfer get(String remote, Path local, boolean resume, Progress progress) throws DvsException {
        long begin = System.nanoTime();
        Parts.checkPlain(local, local.toString());
        open(Wire.GET, remote, 0, 0);
        int handle = message.getInt(Wire.HANDLE);
        long size = message.getLong(Wire.POSITION);
        try (FileChannel part = Parts.open(local)) {
            RunningDigest digest = new RunningDigest(digests);
            long from = resume && part.size() <= size && agrees(handle, part, part.size(), digest) ? part.size() : 0;
            part.truncate(from);
            for (long at = from; at < size;) {
                int length = ask(Wire.READ, handle, (int) Math.min(block.capacity(), size - at), at, 0).getInt(Wire.LENGTH);
                if (length < 1) {
                    throw new DvsException(ErrorCode.IO, "'" + remote + "' became shorter while it was read");
                }
                block.clear().limit(length);
                digest.written(at, block);
                write(part, at);
                at += length;
                progress.at(at, size);
            }
            verify(handle, part, size, digest, remote);
            Parts.complete(part, local);
            return new Transfer(size, from, System.nanoTime() - begin, digest.value());
        } catch (IOException e) {
            throw Parts.failure(e, local.toString());
        } finally {
            close(handle);
        }
    }

    /**
     * Leaves a file.
     *
     * @param remote its name at the server; replaced when the file is whole
     * @param resume go on with what an earlier attempt left, if that is a beginning of the file
     */
    public Transfer put(Path local, String remote, boolean resume, Progress progress) throws DvsException {
        long begin = System.nanoTime();
        Parts.checkPlain(local, local.toString());
        try (FileChannel file = FileChannel.open(local)) {
            Stamp stamp = Stamp.of(local);
            long size = stamp.size();
            open(Wire.PUT, remote, size, resume ? Wire.RESUME : 0);
            int handle = message.getInt(Wire.HANDLE);
            long there = message.getLong(Wire.POSITION);
            boolean whole = false;
            try {
                RunningDigest digest = new RunningDigest(digests);
                long from = agrees(handle, file, there, digest) ? there : 0;
                for (long at = from; at < size;) {
                    read(file, at, (int) Math.min(block.capacity(), size - at));
                    int length = block.limit();
                    if (length < 1) {
                        throw new DvsException(ErrorCode.IO, "'" + local + "' became shorter while it was read");
                    }
                    digest.written(at, block);
                    ask(Wire.WRITE, handle, length, at, 0);
                    at += length;
                    progress.at(at, size);
                }
                stamp.check();
                verify(handle, file, size, digest, remote);
                whole = true;
                ask(Wire.CLOSE, handle, 0, 0, Wire.COMMIT);
                return new Transfer(size, from, System.nanoTime() - begin, digest.value());
            } finally {
                if (!whole) {
                    close(handle);
                }
            }
        } catch (IOException e) {
            throw Parts.failure(e, local.toString());
        }
    }

    private void read(FileChannel file, long at, int length) throws IOException {
        block.clear().limit(length);
        while (block.hasRemaining() && file.read(block, at + block.position()) > 0) {
            continue;
        }
        block.flip();
    }

    private void write(FileChannel file, long at) throws IOException {
        while (block.hasRemaining()) {
            file.write(block, at + block.position());
        }
    }

    private void open(int operation, String name, long size, int flags) throws DvsException {
        file = name;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            throw new DvsException(ErrorCode.INVAL, "'' is not a file's name");
        }
        if (bytes.length > Wire.MAX_NAME) {
            throw new DvsException(ErrorCode.NAMETOOLONG, "a name of " + bytes.length + " bytes; 1 to " + Wire.MAX_NAME
                    + " may be");
        }
        block.clear().put(bytes);
        ask(operation, 0, bytes.length, size, flags);
    }

    /** One request; the answer is in the message. */
    private Message ask(int operation, int handle, int length, long position, int flags) throws DvsException {
        message.type(operation).putInt(Wire.HANDLE, handle).putInt(Wire.LENGTH, length).putLong(Wire.POSITION, position)
                .putPointer(Wire.ADDRESS, address).putInt(Wire.FLAGS, flags);
        self.sendrec(server, message, timeoutMs);
        if (message.type() != 0) {
            throw Refusal.of(message.type(), "'" + file + "' at server " + server + " of dc" + self.dcid());
        }
        return message;
    }

    /** Whether both sides have the same first bytes; if so they are in the digest. */
    private boolean agrees(int handle, FileChannel file, long length, RunningDigest digest) throws IOException, DvsException {
        return length == 0 || Arrays.equals(theirs(handle, length), ours(file, length, digest));
    }

    private void verify(int handle, FileChannel file, long size, RunningDigest digest, String name)
            throws IOException, DvsException {
        if (!Arrays.equals(theirs(handle, size), ours(file, size, digest))) {
            throw new DvsException(ErrorCode.IO, "'" + name + "' did not come over as it was: the digests differ");
        }
    }

    private byte[] ours(FileChannel file, long length, RunningDigest digest) throws IOException {
        digest.advance(file, length, Long.MAX_VALUE, block);
        return digest.value();
    }

    private byte[] theirs(int handle, long length) throws DvsException {
        while (ask(Wire.DIGEST, handle, 0, length, 0).getLong(Wire.POSITION) < length) {
            continue;
        }
        byte[] digest = new byte[RunningDigest.BYTES];
        block.clear().get(digest);
        return digest;
    }

    private void close(int handle) {
        try {
            ask(Wire.CLOSE, handle, 0, 0, 0);
        } catch (DvsException e) {
            // The server finds by its silence that the client is gone; what matters has been told already.
            return;
        }
    }

    @Override
    public void close() {
        digests.close();
        self.memory().withdraw(address);
    }
}
