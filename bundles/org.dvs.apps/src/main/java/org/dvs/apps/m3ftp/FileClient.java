package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongSupplier;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;
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
    /** Fewest bytes in a block but a file's last one. */
    public static final int MIN_BLOCK = 4096;
    /** Most bytes in a block: the kernel's max_copylen by default. */
    public static final int MAX_BLOCK = Wire.MAX_BLOCK;
    private static final int NONE = 0;
    /** A server that has just not answered is not waited for once more. */
    private static final long FAREWELL_MS = 2_000;
    /** Nor is one that was asked to the last moment, but it is told. */
    private static final long LATE_FAREWELL_MS = 400;

    private final Endpoint self;
    private final int server;
    private final LongSupplier timeoutMs;
    private final ByteBuffer block;
    private final long address;
    private final Message message = new Message();
    private final DigestThread digests = new DigestThread();
    private final DiskThread disk = new DiskThread();
    /** Most bytes that the next block has. */
    private int most;
    /** Its name at the server. */
    private String file = "";

    /**
     * @param blockBytes {@link #MIN_BLOCK} to {@link #MAX_BLOCK}; less where a kernel copies less at once
     * @param timeoutMs  of each block
     */
    public FileClient(Endpoint self, int server, int blockBytes, long timeoutMs) {
        this(self, server, blockBytes, () -> timeoutMs);
    }

    /** @param timeoutMs of each block, asked before it */
    FileClient(Endpoint self, int server, int blockBytes, LongSupplier timeoutMs) {
        this.self = self;
        this.server = server;
        this.timeoutMs = timeoutMs;
        most = blockBytes;
        block = ByteBuffer.allocateDirect(blockBytes);
        address = self.memory().expose(block);
    }

    /**
     * Fetches a file.
     *
     * @param remote its name at the server
     * @param local  where it goes, not by a link; replaced when the file is whole
     * @param resume go on with what an earlier attempt brought, if that is a beginning of the file
     */
    public Transfer get(String remote, Path local, boolean resume, Progress progress) throws DvsException {
        long begin = System.nanoTime();
        PlainFile.check(local, local.toString());
        if (Files.isSymbolicLink(local)) {
            throw new AdvisedException(ErrorCode.INVAL, "'" + local + "' is a link, and the file would come in its place",
                    "Name the file that it leads to, or remove it.");
        }
        open(Wire.GET, remote, 0, 0);
        int handle = message.getInt(Wire.HANDLE);
        long size = message.getLong(Wire.POSITION);
        try (Part part = Part.open(local, size, resume, disk)) {
            RunningDigest digest = new RunningDigest(digests);
            long from = same(handle, part.channel(), part.there(), digest, progress) ? part.there() : 0;
            part.truncate(from);
            for (long at = from; at < size;) {
                int length = transfer(Wire.READ, handle, length(size - at), at);
                if (length == NONE) {
                    continue;
                }
                block.clear().limit(length);
                digest.written(at, block);
                part.write(at, block);
                at += length;
                progress.at(at, size);
            }
            verify(handle, part.channel(), size, digest, remote, progress);
            part.complete();
            return new Transfer(size, from, System.nanoTime() - begin, digest.value());
        } catch (IOException e) {
            throw PlainFile.failure(e, local.toString());
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
        PlainFile.check(local, local.toString());
        try (Source file = Source.open(local, true)) {
            long size = file.size();
            open(Wire.PUT, remote, size, resume ? Wire.RESUME : 0);
            int handle = message.getInt(Wire.HANDLE);
            boolean whole = false;
            try {
                RunningDigest digest = new RunningDigest(digests);
                long from = message.getLong(Wire.POSITION);
                if (!same(handle, file.channel(), from, digest, progress)) {
                    // Not written over: its end would stay behind what comes, and be no beginning after the next break either.
                    ask(Wire.CLOSE, handle, 0, 0, 0);
                    open(Wire.PUT, remote, size, 0);
                    handle = message.getInt(Wire.HANDLE);
                    digest = new RunningDigest(digests);
                    from = 0;
                }
                for (long at = from; at < size;) {
                    file.read(at, block.clear().limit(length(size - at)));
                    digest.read(at, block);
                    int length = transfer(Wire.WRITE, handle, block.limit(), at);
                    if (length == NONE) {
                        continue;
                    }
                    at += length;
                    progress.at(at, size);
                }
                file.check();
                verify(handle, file.channel(), size, digest, remote, progress);
                whole = true;
                ask(Wire.CLOSE, handle, 0, 0, Wire.COMMIT);
                return new Transfer(size, from, System.nanoTime() - begin, digest.value());
            } finally {
                if (!whole) {
                    close(handle);
                }
            }
        } catch (IOException e) {
            throw PlainFile.failure(e, local.toString());
        }
    }

    private int length(long left) {
        return (int) Math.min(most, left);
    }

    /**
     * One block.
     *
     * @return its length; {@link #NONE} if a kernel copies less at once: the next ones are shorter
     */
    private int transfer(int operation, int handle, int length, long at) throws DvsException {
        try {
            int went = ask(operation, handle, length, at, 0).getInt(Wire.LENGTH);
            if (went < 1 || went > length) {
                throw new DvsException(ErrorCode.PACKSIZE, "the server speaks of " + went + " of " + length + " bytes");
            }
            return went;
        } catch (AdvisedException e) {
            if (e.code() != ErrorCode.TOOBIG || most <= MIN_BLOCK) {
                throw e;
            }
            most = Math.max(MIN_BLOCK, most / 2);
            return NONE;
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
        PlainFile.checkName(name);
        block.clear().put(bytes);
        ask(operation, 0, bytes.length, size, flags);
    }

    /** One request; the answer is in the message. */
    private Message ask(int operation, int handle, int length, long position, int flags) throws DvsException {
        return ask(operation, handle, length, position, flags, timeoutMs.getAsLong());
    }

    private Message ask(int operation, int handle, int length, long position, int flags, long withinMs) throws DvsException {
        message.type(operation).putInt(Wire.HANDLE, handle).putInt(Wire.LENGTH, length).putLong(Wire.POSITION, position)
                .putPointer(Wire.ADDRESS, address).putInt(Wire.FLAGS, flags);
        self.sendrec(server, message, withinMs);
        if (message.type() != 0) {
            throw Refusal.of(message.type(), "'" + file + "' at server " + server + " of dc" + self.dcid());
        }
        return message;
    }

    /**
     * Whether both sides have the same first bytes; if so they are in the digest. They digest in turns, some at a time, so that
     * neither takes the other for dead.
     */
    private boolean same(int handle, FileChannel file, long length, RunningDigest digest, Progress progress)
            throws IOException, DvsException {
        if (length == 0) {
            return true;
        }
        byte[] theirs = new byte[RunningDigest.BYTES];
        for (long reached = 0; reached < length;) {
            long before = reached;
            reached = ask(Wire.DIGEST, handle, 0, length, 0).getLong(Wire.POSITION);
            if (reached <= before) {
                throw new DvsException(ErrorCode.PACKSIZE, "the server's digest does not go on at " + before);
            }
            block.clear().get(theirs);
            if (digest.position() < reached) {
                digest.advance(file, Math.min(reached, length), Long.MAX_VALUE, block);
            }
            progress.compared(reached, length);
        }
        return Arrays.equals(theirs, digest.value());
    }

    private void verify(int handle, FileChannel file, long size, RunningDigest digest, String name, Progress progress)
            throws IOException, DvsException {
        if (!same(handle, file, size, digest, progress)) {
            throw new DvsException(ErrorCode.IO, "'" + name + "' did not come over as it was: the digests differ");
        }
    }

    private void close(int handle) {
        try {
            ask(Wire.CLOSE, handle, 0, 0, 0, Math.min(FAREWELL_MS, Math.max(LATE_FAREWELL_MS, timeoutMs.getAsLong())));
        } catch (DvsException e) {
            // The server finds by its silence that the client is gone; what matters has been told already.
            return;
        }
    }

    @Override
    public void close() {
        digests.close();
        disk.close();
        self.memory().withdraw(address);
    }
}
