package org.dvs.apps.m3ftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.apps.AdvisedException;
import org.dvs.apps.Running;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/**
 * <em>m3ftp</em>'s server: gives and takes the files of one folder, block by block, to and from the memory of its clients while
 * they wait for its answer. Runs the same inside and outside the container; must be a system process, as it copies.
 */
public final class FileServer implements DvsProgram {
    private static final int IDLE_CHECK_MS = 60_000;
    private static final long IDLE_CHECK_NANOS = IDLE_CHECK_MS * 1_000_000L;
    private static final long ANSWER_MS = 30_000;
    /** Digested in one request, so that each is answered soon. */
    static final long DIGEST_STEP = 64L * 1024 * 1024;

    private final Folder folder;
    private final boolean writable;

    /**
     * @param folder   whose files are served
     * @param writable whether clients may leave files there
     * @throws DvsException {@code BADDIR}
     */
    public FileServer(Path folder, boolean writable) throws DvsException {
        this(new Folder(folder), writable);
    }

    FileServer(Folder folder, boolean writable) {
        this.folder = folder;
        this.writable = writable;
    }

    @Override
    public void run(Endpoint self) throws Exception {
        try (DigestThread digests = new DigestThread(); DiskThread disk = new DiskThread();
                OpenFiles files = new OpenFiles(System::nanoTime)) {
            ByteBuffer block = ByteBuffer.allocateDirect(Wire.MAX_BLOCK);
            Session session = new Session(self, files, digests, disk, block, self.memory().expose(block));
            Message message = new Message();
            long looked = System.nanoTime();
            for (;;) {
                if (received(self, message)) {
                    session.serve(message);
                }
                if (System.nanoTime() - looked >= IDLE_CHECK_NANOS) {
                    looked = System.nanoTime();
                    files.closeIdle();
                }
            }
        }
    }

    private static boolean received(Endpoint self, Message message) throws IpcException {
        try {
            self.receive(EndpointNumbers.ANY, message, IDLE_CHECK_MS);
            return true;
        } catch (IpcException e) {
            if (e.code() != ErrorCode.TIMEDOUT && e.code() != ErrorCode.WOKENUP) {
                throw e;
            }
            return false;
        }
    }

    /** One run of the server: its endpoint, its block and what clients have open. */
    private final class Session {
        private final Endpoint self;
        private final OpenFiles files;
        private final DigestThread digests;
        private final DiskThread disk;
        private final ByteBuffer block;
        private final long address;

        Session(Endpoint self, OpenFiles files, DigestThread digests, DiskThread disk, ByteBuffer block, long address) {
            this.self = self;
            this.files = files;
            this.digests = digests;
            this.disk = disk;
            this.block = block;
            this.address = address;
        }

        void serve(Message message) throws IpcException {
            int client = message.source();
            String name = "handle " + message.getInt(Wire.HANDLE);
            int rcode = 0;
            try {
                switch (message.type()) {
                    case Wire.GET, Wire.PUT -> open(client, message);
                    case Wire.READ -> read(client, message);
                    case Wire.WRITE -> write(client, message);
                    case Wire.DIGEST -> digest(client, message);
                    case Wire.CLOSE -> close(client, message);
                    default -> rcode = ErrorCode.NOSYS.rcode();
                }
            } catch (IOException e) {
                rcode = PlainFile.failure(e, name).code().rcode();
            } catch (DvsException e) {
                rcode = e.code().rcode();
            }
            Running.answer(self, message.type(rcode), ANSWER_MS);
        }

        private void open(int client, Message message) throws IOException, DvsException {
            String name = name(client, message);
            Path path = folder.file(name);
            files.room();
            OpenFile file;
            if (message.type() == Wire.GET) {
                file = OpenFile.toRead(client, path, digests);
            } else {
                if (!writable) {
                    throw new DvsException(ErrorCode.ROFS, "the server only gives files");
                }
                long size = message.getLong(Wire.POSITION);
                if (size < 0) {
                    throw new DvsException(ErrorCode.RANGE, "size " + size);
                }
                files.onlyWriter(client, path);
                Part part = part(path, size, (message.getInt(Wire.FLAGS) & Wire.RESUME) != 0);
                file = OpenFile.toWrite(client, path, part, size, digests);
            }
            message.putInt(Wire.HANDLE, files.add(file)).putLong(Wire.POSITION, file.there());
        }

        private Part part(Path path, long size, boolean resume) throws IOException, DvsException {
            try {
                return Part.open(path, size, resume, disk);
            } catch (AdvisedException e) {
                if (e.code() != ErrorCode.NOSPC || !files.closeSilent()) {
                    throw e;
                }
                return Part.open(path, size, resume, disk);
            }
        }

        private String name(int client, Message message) throws DvsException {
            int length = message.getInt(Wire.LENGTH);
            if (length < 1 || length > Wire.MAX_NAME) {
                throw new DvsException(ErrorCode.NAMETOOLONG, "a name of " + length + " bytes");
            }
            fetch(client, message, length);
            byte[] name = new byte[length];
            block.clear().get(name);
            return new String(name, StandardCharsets.UTF_8);
        }

        private void read(int client, Message message) throws IOException, DvsException {
            OpenFile file = files.get(message.getInt(Wire.HANDLE), client);
            block.clear().limit(length(message));
            file.read(message.getLong(Wire.POSITION), block);
            int length = block.limit();
            if (length > 0) {
                bring(client, message, length);
            }
            message.putInt(Wire.LENGTH, length);
        }

        private void write(int client, Message message) throws IOException, DvsException {
            OpenFile file = files.get(message.getInt(Wire.HANDLE), client);
            int length = length(message);
            file.mayWrite(message.getLong(Wire.POSITION), length);
            fetch(client, message, length);
            file.write(message.getLong(Wire.POSITION), block.clear().limit(length));
        }

        private int length(Message message) throws DvsException {
            int length = message.getInt(Wire.LENGTH);
            if (length < 1 || length > Wire.MAX_BLOCK) {
                throw new DvsException(ErrorCode.RANGE, "a block of " + length + " bytes");
            }
            return length;
        }

        /** From the client's block to the server's. */
        private void fetch(int client, Message message, int length) throws DvsException {
            copy(client, message.getPointer(Wire.ADDRESS), EndpointNumbers.SELF, address, length);
        }

        /** From the server's block to the client's. */
        private void bring(int client, Message message, int length) throws DvsException {
            copy(EndpointNumbers.SELF, address, client, message.getPointer(Wire.ADDRESS), length);
        }

        /** @throws DvsException {@code TOOBIG} for more than the DVS copies at once: the client may try less */
        private void copy(int source, long from, int destination, long to, int length) throws DvsException {
            try {
                self.vcopy(source, from, destination, to, length);
            } catch (IpcException e) {
                throw e.code() == ErrorCode.RANGE ? new DvsException(ErrorCode.TOOBIG, e.getMessage(), e) : e;
            }
        }

        private void digest(int client, Message message) throws IOException, DvsException {
            OpenFile file = files.get(message.getInt(Wire.HANDLE), client);
            long to = message.getLong(Wire.POSITION);
            long reached = file.advance(to, DIGEST_STEP, block);
            if (reached < 0) {
                throw new DvsException(ErrorCode.RANGE, "the file is shorter than " + to);
            }
            if (reached == to) {
                block.clear().put(file.digest());
                bring(client, message, RunningDigest.BYTES);
            }
            message.putLong(Wire.POSITION, reached);
        }

        private void close(int client, Message message) throws IOException, DvsException {
            int handle = message.getInt(Wire.HANDLE);
            OpenFile file = files.get(handle, client);
            files.remove(handle);
            file.close((message.getInt(Wire.FLAGS) & Wire.COMMIT) != 0);
        }
    }
}
