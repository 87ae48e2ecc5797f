package org.dvs.apps.m3ftp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.api.request.Request;
import org.dvs.apps.AdvisedException;
import org.dvs.apps.Running;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Memory;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.dvs.testkit.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names finish the sentence "m3ftp …". */
@Timeout(60)
@Tag("R-PXY-14")
class M3ftpTest {
    private static final int SERVER = 20;
    private static final int BLOCK = 4096;
    private static final long TIMEOUT_MS = 30_000;

    private final KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> () -> { }, Runnable::run,
            (int) ProcessHandle.current().pid());
    @TempDir
    private Path here;
    @TempDir
    private Path there;
    private Endpoint self;
    private FileClient client;

    @BeforeEach
    void start() throws DvsException {
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        serve(SERVER, true);
        self = bind(100);
        client = new FileClient(self, SERVER, BLOCK, TIMEOUT_MS);
    }

    @AfterEach
    void end() throws DvsException {
        kernel.dvsEnd();
    }

    private Endpoint bind(int endpoint) throws DvsException {
        return kernel.bind(0, endpoint, "m3ftp", BindKind.SELF, EndpointNumbers.LOCALNODE);
    }

    private void serve(int endpoint, boolean writable) throws DvsException {
        FileServer server = new FileServer(there, writable);
        Endpoint its = bind(endpoint);
        Thread thread = new Thread(() -> Running.quietly(server, its), "m3ftpd");
        thread.setDaemon(true);
        thread.start();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static void fails(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(code, assertThrows(DvsException.class, call).code());
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 300_007})
    void bringsAFileAsItIsBothWays(int length) throws Exception {
        byte[] bytes = random(length);
        Path source = Files.write(here.resolve("a"), bytes);
        Transfer put = client.put(source, "b", false, Progress.NONE);
        assertArrayEquals(bytes, Files.readAllBytes(there.resolve("b")));
        assertArrayEquals(sha256(bytes), put.digest());
        Transfer got = client.get("b", here.resolve("c"), false, Progress.NONE);
        assertArrayEquals(bytes, Files.readAllBytes(here.resolve("c")));
        assertArrayEquals(put.digest(), got.digest());
        assertEquals(length, got.bytes());
        assertEquals(List.of("b"), names(there));
        assertEquals(List.of("a", "c"), names(here));
    }

    /** The progress is heard after each block, and may end the transfer. */
    private static Progress until(long bytes) {
        return (done, size) -> {
            if (done >= bytes) {
                throw new DvsException(ErrorCode.INTR, "enough");
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void goesOnWhereABrokenAttemptEnded(boolean get) throws Exception {
        byte[] bytes = random(10 * BLOCK + 5);
        Path source = Files.write((get ? there : here).resolve("whole"), bytes);
        Path target = (get ? here : there).resolve("copy");
        fails(ErrorCode.INTR, () -> transfer(get, source, target, false, until(3 * BLOCK)));
        assertFalse(Files.exists(target), "half a file has the whole one's name");
        assertEquals(3 * BLOCK, Files.size(Part.of(target)));
        Transfer rest = transfer(get, source, target, true, Progress.NONE);
        assertEquals(3 * BLOCK, rest.resumed());
        assertArrayEquals(sha256(bytes), rest.digest());
        assertArrayEquals(bytes, Files.readAllBytes(target));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void beginsAnewWhenWhatIsThereIsNoBeginningOfTheFile(boolean get) throws Exception {
        byte[] bytes = random(5 * BLOCK);
        Path source = Files.write((get ? there : here).resolve("whole"), bytes);
        Path target = (get ? here : there).resolve("copy");
        for (byte[] left : List.of(random(2 * BLOCK + 1), new byte[9 * BLOCK])) {
            Files.write(Part.of(target), left);
            assertEquals(0, transfer(get, source, target, true, Progress.NONE).resumed());
            assertArrayEquals(bytes, Files.readAllBytes(target));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void losesNothingMoreAfterItHasBegunAnew(boolean get) throws Exception {
        byte[] bytes = random(5 * BLOCK);
        Path source = Files.write((get ? there : here).resolve("whole"), bytes);
        Path target = (get ? here : there).resolve("copy");
        Files.write(Part.of(target), new byte[4 * BLOCK]);
        Progress breaking = new Progress() {
            @Override
            public void at(long done, long of) throws DvsException {
                until(3 * BLOCK).at(done, of);
            }

            @Override
            public void compared(long done, long of) {
                assertEquals(4 * BLOCK, of);
            }
        };
        fails(ErrorCode.INTR, () -> transfer(get, source, target, true, breaking));
        assertEquals(3 * BLOCK, transfer(get, source, target, true, Progress.NONE).resumed());
        assertArrayEquals(bytes, Files.readAllBytes(target));
    }

    private Transfer transfer(boolean get, Path source, Path target, boolean resume, Progress progress) throws DvsException {
        return get ? client.get(source.getFileName().toString(), target, resume, progress)
                : client.put(source, target.getFileName().toString(), resume, progress);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void replacesAFileOnlyByAWholeOne() throws Exception {
        Files.write(there.resolve("f"), random(50_000));
        Path local = Files.writeString(here.resolve("f"), "old");
        Files.setPosixFilePermissions(local, PosixFilePermissions.fromString("rw-------"));
        fails(ErrorCode.INTR, () -> client.get("f", local, false, until(1)));
        assertEquals("old", Files.readString(local));
        assertEquals("rw-------", mode(Part.of(local)), "what comes is no more readable than what it replaces");
        client.get("f", local, false, Progress.NONE);
        assertEquals(50_000, Files.size(local));
        assertEquals("rw-------", mode(local));
    }

    @ParameterizedTest
    @CsvSource({"../secret, ACCES", "/etc/passwd, ACCES", "folder/../../secret, ACCES", "link, ACCES", "linked/secret, ACCES",
            "., INVAL", "folder, ISDIR", "nothing, NOENT", "nowhere/file, NOENT", "plain/file, NOTDIR", "pipe, INVAL", "a\u0000b, INVAL",
            ".f.part, INVAL", "folder/.f.part, INVAL"})
    void servesNothingOutsideItsFolder(String name, ErrorCode code) throws Exception {
        Path secret = Files.writeString(here.resolve("secret"), "secret");
        Files.createDirectory(there.resolve("folder"));
        Files.createFile(there.resolve("plain"));
        assertEquals(0, new ProcessBuilder("mkfifo", there.resolve("pipe").toString()).start().waitFor());
        Files.createSymbolicLink(there.resolve("link"), secret);
        Files.createSymbolicLink(there.resolve("linked"), here);
        fails(code, () -> client.get(name, here.resolve("got"), false, Progress.NONE));
        assertFalse(Files.exists(here.resolve("got")));
        if (code != ErrorCode.NOENT) {
            fails(code, () -> client.put(secret, name, false, Progress.NONE));
        }
        assertEquals("secret", Files.readString(secret));
    }

    /** The file, how the server is named behind it, and what is to be done, as far as it tells this refusal from others. */
    @ParameterizedTest
    @CsvSource({"nothing, its folder has no such file, relative to the server's folder",
            "../x, leads out of its folder, within the server's", "folder, is a folder there, Name a file.",
            "f/g, is no folder there, Check the path", ".f.part, that is no plain file, .NAME.part"})
    void saysWhatTheServerMeansAndWhatToDoNext(String name, String why, String next) throws Exception {
        Files.createDirectory(there.resolve("folder"));
        Files.createFile(there.resolve("f"));
        AdvisedException refused = assertThrows(AdvisedException.class,
                () -> client.get(name, here.resolve("got"), false, Progress.NONE));
        assertTrue(refused.getMessage().startsWith("'" + name + "' at server 20 of dc0: "), refused.getMessage());
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
        assertTrue(refused.nextStep().contains(next), refused.nextStep());
    }

    @ParameterizedTest
    @EnumSource
    void hasANextStepForWhateverTheServerRefuses(ErrorCode code) {
        AdvisedException refused = Refusal.of(code.rcode(), "'f' at server 20 of dc0");
        assertEquals(code == ErrorCode.NOSYS ? ErrorCode.BADSRCDST : code, refused.code());
        assertTrue(refused.nextStep().endsWith("."), refused.nextStep());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatTheOtherIsNoServerOfFiles(boolean number) throws Exception {
        kernel.bindHandler(0, 21, "other", (message, at) -> at.reply(message.source(), message.type(number ? 1 : -7777)));
        try (Endpoint other = bind(101); FileClient asks = new FileClient(other, 21, BLOCK, TIMEOUT_MS)) {
            AdvisedException refused = assertThrows(AdvisedException.class,
                    () -> asks.get("f", here.resolve("f"), false, Progress.NONE));
            assertEquals(number ? ErrorCode.BADSRCDST : ErrorCode.GENERIC, refused.code());
            assertTrue(refused.getMessage().endsWith(number ? "or of another version" : "result -7777"), refused.getMessage());
        }
        assertEquals(List.of(), names(here));
    }

    @Test
    void saysWhatIsWrongWithAFileOfItsOwn() throws Exception {
        Path missing = here.resolve("no");
        String why = "': no such file, or no such folder for it";
        assertEquals("'" + missing + why,
                assertThrows(DvsException.class, () -> client.put(missing, "f", false, Progress.NONE)).getMessage());
        Path nowhere = missing.resolve("f");
        Files.createFile(there.resolve("f"));
        assertEquals("'" + nowhere + why,
                assertThrows(DvsException.class, () -> client.get("f", nowhere, false, Progress.NONE)).getMessage());
    }

    @Test
    void takesNothingWhenReadOnly() throws Exception {
        serve(21, false);
        Path file = Files.writeString(here.resolve("f"), "f");
        try (Endpoint other = bind(101); FileClient reader = new FileClient(other, 21, BLOCK, TIMEOUT_MS)) {
            fails(ErrorCode.ROFS, () -> reader.put(file, "f", false, Progress.NONE));
            assertEquals(List.of(), names(there));
            fails(ErrorCode.NAMETOOLONG, () -> reader.get("x".repeat(Wire.MAX_NAME + 1), file, false, Progress.NONE));
            DvsException tooLong = assertThrows(DvsException.class,
                    () -> reader.get("x".repeat(300), file, false, Progress.NONE));
            assertEquals(ErrorCode.NAMETOOLONG, tooLong.code());
            assertTrue(tooLong.getMessage().contains("too long for its file system: most take 255 bytes, of a file that is put 249"),
                    tooLong.getMessage());
            fails(ErrorCode.INVAL, () -> reader.get("", file, false, Progress.NONE));
        }
    }

    @Test
    void replacesAndReadsPlainFilesOnly() throws Exception {
        Files.write(there.resolve("f"), random(10));
        Path pipe = here.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        fails(ErrorCode.INVAL, () -> client.get("f", pipe, false, Progress.NONE));
        fails(ErrorCode.INVAL, () -> client.get("f", here.resolve(".other.part"), false, Progress.NONE));
        fails(ErrorCode.INVAL, () -> client.put(pipe, "f", false, Progress.NONE));
        fails(ErrorCode.ISDIR, () -> client.get("f", here, false, Progress.NONE));
        fails(ErrorCode.ISDIR, () -> client.put(here, "f", false, Progress.NONE));
        assertEquals(List.of("pipe"), names(here));
    }

    /** The system says of those that they are empty, and makes them while they are read. */
    @Test
    void takesNoFileForEmptyThatHasBytes() throws Exception {
        Path made = Path.of("/proc/self/status");
        assertEquals(0, Files.size(made));
        AdvisedException refused = assertThrows(AdvisedException.class, () -> client.put(made, "f", false, Progress.NONE));
        assertEquals(ErrorCode.INVAL, refused.code());
        assertEquals("'status' has more than the 0 bytes that its size says", refused.getMessage());
        assertEquals(List.of(), names(there));
    }

    @ParameterizedTest
    @CsvSource({"\uFFFDbin, INVAL", "new/, ISDIR", "new/., ISDIR", "f/, ISDIR"})
    void takesNoNameThatIsNotAFiles(String name, ErrorCode code) throws Exception {
        Path file = Files.write(here.resolve("f"), random(10));
        Files.write(there.resolve("f"), random(10));
        fails(code, () -> client.put(file, name, false, Progress.NONE));
        fails(code, () -> client.get(name, here.resolve("got"), false, Progress.NONE));
        fails(code, () -> new Folder(there).file(name));
        assertEquals(List.of("f"), names(there));
        assertEquals(List.of("f"), names(here));
    }

    @Test
    void bringsNothingInALinksPlace() throws Exception {
        Files.write(there.resolve("f"), random(10));
        Path old = Files.writeString(here.resolve("old"), "old");
        Path link = Files.createSymbolicLink(here.resolve("link"), old);
        fails(ErrorCode.INVAL, () -> client.get("f", link, false, Progress.NONE));
        Files.delete(old);
        fails(ErrorCode.INVAL, () -> client.get("f", link, false, Progress.NONE));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals(List.of("link"), names(here));
    }

    @Test
    void makesOnlyTheFolderThatANodeHasByItself() throws Exception {
        assertEquals(here.toRealPath().resolve("m3ftp/f"), Folder.of(here, M3ftpConfig.FOLDER).file("f"));
        for (String setting : List.of(there.resolve("x").toString(), "x", "a\u0000b")) {
            fails(ErrorCode.BADDIR, () -> Folder.of(here, setting));
        }
        assertEquals(List.of(), names(there));
        Files.createDirectory(here.resolve("x"));
        Folder.of(here, "x");
        Folder.of(here, there.toString());
        assertEquals(List.of("m3ftp", "x"), names(here));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../other", "..", ".", "", "m3ftp/../../other"})
    void takesNoFolderForTheNodesThatIsNot(String setting) throws Exception {
        Path data = Files.createDirectory(here.resolve("data"));
        Files.createDirectory(here.resolve("other"));
        DvsException refused = assertThrows(DvsException.class, () -> Folder.of(data, setting));
        assertEquals(ErrorCode.BADDIR, refused.code());
        assertTrue(refused.getMessage().startsWith("folder = " + setting + " in etc/org.dvs.apps.m3ftp.cfg is no folder within"),
                refused.getMessage());
    }

    /** What somebody else does to files between two blocks. */
    @FunctionalInterface
    private interface Meddling {
        void after(long done) throws IOException;
    }

    private static Progress meanwhile(Meddling meddling) {
        return (done, size) -> {
            try {
                meddling.after(done);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatAFileWasWrittenWhileItWasRead(boolean get) throws Exception {
        Path source = Files.write((get ? there : here).resolve("whole"), random(3 * BLOCK));
        Path target = (get ? here : there).resolve("copy");
        Progress writer = meanwhile(done -> Files.setLastModifiedTime(source, FileTime.fromMillis(done)));
        fails(ErrorCode.BUSY, () -> transfer(get, source, target, false, writer));
        assertFalse(Files.exists(target), "what was read never was the file");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysThatAFileBecameShorterWhileItWasRead(boolean get) throws Exception {
        Path source = Files.write((get ? there : here).resolve("whole"), random(3 * BLOCK));
        Path target = (get ? here : there).resolve("copy");
        Progress cutter = meanwhile(done -> Files.write(source, new byte[0]));
        fails(ErrorCode.BUSY, () -> transfer(get, source, target, false, cutter));
        assertFalse(Files.exists(target));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsAFileThatIsReplacedMeanwhileToItsEnd(boolean get) throws Exception {
        byte[] bytes = random(3 * BLOCK);
        Path source = Files.write((get ? there : here).resolve("whole"), bytes);
        Path target = (get ? here : there).resolve("copy");
        Progress mover = meanwhile(done -> Files.move(Files.write(source.resolveSibling("other"), random(BLOCK)), source,
                StandardCopyOption.ATOMIC_MOVE));
        assertArrayEquals(sha256(bytes), transfer(get, source, target, false, mover).digest());
        assertArrayEquals(bytes, Files.readAllBytes(target));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comparesWhatIsThereInSteps(boolean get) throws Exception {
        long size = FileServer.DIGEST_STEP + 2L * Wire.MAX_BLOCK;
        Path source = (get ? there : here).resolve("whole");
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.setLength(size);
        }
        Path target = (get ? here : there).resolve("copy");
        try (RandomAccessFile part = new RandomAccessFile(Part.of(target).toFile(), "rw")) {
            part.setLength(size - 1);
        }
        List<String> steps = new ArrayList<>();
        Progress listed = new Progress() {
            @Override
            public void at(long done, long of) {
                steps.add("at " + done);
            }

            @Override
            public void compared(long done, long of) {
                steps.add("compared " + done + " of " + of);
            }
        };
        assertEquals(size - 1, transfer(get, source, target, true, listed).resumed());
        assertEquals(List.of("compared " + FileServer.DIGEST_STEP + " of " + (size - 1),
                "compared " + (size - 1) + " of " + (size - 1), "at " + size), steps.subList(0, 3));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesSmallerBlocksWhereTheDvsCopiesLessAtOnce(boolean get) throws Exception {
        kernel.dvsEnd();
        DvsParameters usual = DvsParameters.DEFAULT;
        DvsParameters small = new DvsParameters(usual.name(), usual.nrDcs(), usual.nrNodes(), usual.nrProcs(), usual.nrTasks(), usual.nrSysprocs(),
                4 * BLOCK, 4 * BLOCK, usual.dbglvl());
        kernel.dvsInit(0, "node0", small);
        kernel.dcInit(DcSettings.of(0, "dc0", small));
        serve(SERVER, true);
        byte[] bytes = random(300_007);
        Path source = Files.write((get ? there : here).resolve("whole"), bytes);
        try (Endpoint its = bind(101); FileClient large = new FileClient(its, SERVER, FileClient.MAX_BLOCK, TIMEOUT_MS)) {
            Transfer done = get ? large.get("whole", here.resolve("copy"), false, Progress.NONE)
                    : large.put(source, "copy", false, Progress.NONE);
            assertArrayEquals(sha256(bytes), done.digest());
        }
        assertArrayEquals(bytes, Files.readAllBytes((get ? here : there).resolve("copy")));
    }

    /** Of 64 MiB each, so that the disk is asked meanwhile. */
    @Test
    void bringsALargeFileToTheDiskWhileItComes() throws Exception {
        long size = 2 * Part.FORCE_BYTES + 1;
        try (RandomAccessFile file = new RandomAccessFile(there.resolve("large").toFile(), "rw")) {
            file.setLength(size);
            file.seek(Part.FORCE_BYTES);
            file.write(random(BLOCK));
        }
        try (Endpoint its = bind(101); FileClient large = new FileClient(its, SERVER, FileClient.MAX_BLOCK, TIMEOUT_MS)) {
            assertEquals(size, large.get("large", here.resolve("large"), false, Progress.NONE).bytes());
        }
        assertEquals(-1, Files.mismatch(there.resolve("large"), here.resolve("large")));
    }

    @Test
    void letsAFileComeFromOnePlaceAtATime() throws Exception {
        Files.write(there.resolve("f"), random(2 * BLOCK));
        Path local = here.resolve("f");
        try (Endpoint other = bind(101); FileClient second = new FileClient(other, SERVER, BLOCK, TIMEOUT_MS)) {
            client.get("f", local, false, (done, size) -> fails(ErrorCode.BUSY, () -> second.get("f", local, false, Progress.NONE)));
            assertEquals(2 * BLOCK, second.get("f", local, false, Progress.NONE).bytes());
        }
    }

    @Test
    void letsOneClientWriteAFileAtATime() throws Exception {
        Path file = Files.write(here.resolve("f"), random(3 * BLOCK));
        try (Endpoint other = bind(101); FileClient second = new FileClient(other, SERVER, BLOCK, TIMEOUT_MS)) {
            client.put(file, "f", false, (done, size) -> {
                fails(ErrorCode.BUSY, () -> second.put(file, "f", false, Progress.NONE));
                assertEquals(size, second.put(file, "g", false, Progress.NONE).bytes());
            });
            second.put(file, "f", false, Progress.NONE);
        }
        assertEquals(List.of("f", "g"), names(there));
    }

    @Test
    void outlivesAClientThatGoesInTheMiddle() throws Exception {
        Path file = Files.write(here.resolve("f"), random(3 * BLOCK));
        fails(ErrorCode.NOTBIND, () -> client.put(file, "f", false, (done, size) -> self.close()));
        try (Endpoint again = bind(100); FileClient second = new FileClient(again, SERVER, BLOCK, TIMEOUT_MS)) {
            assertEquals(BLOCK, second.put(file, "f", true, Progress.NONE).resumed());
        }
    }

    private Message ask(Endpoint from, int operation, int handle, int length, long position) throws DvsException {
        Message message = new Message(operation).putInt(Wire.HANDLE, handle).putInt(Wire.LENGTH, length)
                .putLong(Wire.POSITION, position);
        from.sendrec(SERVER, message, TIMEOUT_MS);
        return message;
    }

    @Test
    void refusesWhatItsClientNeverSends() throws Exception {
        ByteBuffer name = ByteBuffer.wrap("f".getBytes(StandardCharsets.UTF_8));
        Files.write(there.resolve("f"), random(100));
        try (Endpoint raw = bind(101); Endpoint other = bind(102); Endpoint system = bind(12)) {
            Message open = new Message(Wire.GET).putInt(Wire.LENGTH, 1).putPointer(Wire.ADDRESS, raw.memory().expose(name));
            raw.sendrec(SERVER, open, TIMEOUT_MS);
            int handle = open.getInt(Wire.HANDLE);
            assertEquals(100, open.getLong(Wire.POSITION));
            assertEquals(ErrorCode.BADF.rcode(), ask(other, Wire.READ, handle, 1, 0).type(), "another's handle");
            assertEquals(ErrorCode.BADF.rcode(), ask(raw, Wire.READ, handle + 1, 1, 0).type());
            assertEquals(ErrorCode.BADF.rcode(), ask(raw, Wire.WRITE, handle, 1, 0).type());
            assertEquals(ErrorCode.FAULT.rcode(), ask(raw, Wire.READ, handle, 1, 0).type(), "address 0 is not exposed");
            for (int length : new int[] {-1, 0, Wire.MAX_BLOCK + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertEquals(ErrorCode.RANGE.rcode(), ask(raw, Wire.READ, handle, length, 0).type(), "length " + length);
            }
            for (long position : new long[] {-1, 101, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertEquals(ErrorCode.RANGE.rcode(), ask(raw, Wire.READ, handle, 1, position).type(), "position " + position);
                assertEquals(ErrorCode.RANGE.rcode(), ask(raw, Wire.DIGEST, handle, 0, position).type(), "position " + position);
            }
            assertEquals(ErrorCode.NAMETOOLONG.rcode(), ask(raw, Wire.GET, 0, Integer.MAX_VALUE, 0).type());
            assertEquals(ErrorCode.NOSYS.rcode(), ask(raw, 99, 0, 0, 0).type());
            system.send(SERVER, new Message(Wire.READ), TIMEOUT_MS);
            assertEquals(0, ask(raw, Wire.CLOSE, handle, 0, 0).type());
            assertEquals(ErrorCode.BADF.rcode(), ask(raw, Wire.CLOSE, handle, 0, 0).type());
        }
    }

    @Test
    void putsNoFileThatDoesNotHaveAllItsBytes() throws Exception {
        try (Endpoint raw = bind(101)) {
            ByteBuffer name = ByteBuffer.wrap("f".getBytes(StandardCharsets.UTF_8));
            Message open = new Message(Wire.PUT).putInt(Wire.LENGTH, 1).putLong(Wire.POSITION, 10)
                    .putPointer(Wire.ADDRESS, raw.memory().expose(name));
            raw.sendrec(SERVER, open, TIMEOUT_MS);
            Message close = new Message(Wire.CLOSE).putInt(Wire.HANDLE, open.getInt(Wire.HANDLE)).putInt(Wire.FLAGS, Wire.COMMIT);
            raw.sendrec(SERVER, close, TIMEOUT_MS);
            assertEquals(ErrorCode.PACKSIZE.rcode(), close.type());
            assertFalse(Files.exists(there.resolve("f")));
        }
    }

    /** An endpoint whose wire changes a byte of each block that comes. */
    private static Endpoint corrupting(Endpoint real) {
        ByteBuffer[] block = new ByteBuffer[1];
        Memory memory = (Memory) Proxy.newProxyInstance(M3ftpTest.class.getClassLoader(), new Class<?>[] {Memory.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("expose")) {
                        block[0] = (ByteBuffer) arguments[0];
                    }
                    return method.invoke(real.memory(), arguments);
                });
        return (Endpoint) Proxy.newProxyInstance(M3ftpTest.class.getClassLoader(), new Class<?>[] {Endpoint.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("memory")) {
                        return memory;
                    }
                    boolean read = method.getName().equals("sendrec") && ((Message) arguments[1]).type() == Wire.READ;
                    try {
                        Object result = method.invoke(real, arguments);
                        if (read) {
                            block[0].put(0, (byte) ~block[0].get(0));
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** An endpoint that writes down how long it waits for the answer to each operation. */
    private static Endpoint timed(Endpoint real, Map<Integer, Long> waits) {
        return (Endpoint) Proxy.newProxyInstance(M3ftpTest.class.getClassLoader(), new Class<?>[] {Endpoint.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("sendrec")) {
                        waits.put(((Message) arguments[1]).type(), (Long) arguments[2]);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysFarewellWithoutWaitingLongForAServerThatMayBeSilent(boolean get) throws Exception {
        Path source = Files.write((get ? there : here).resolve("whole"), random(2 * BLOCK));
        Map<Integer, Long> waits = new HashMap<>();
        try (Endpoint its = bind(101); FileClient patient = new FileClient(timed(its, waits), SERVER, BLOCK, TIMEOUT_MS)) {
            fails(ErrorCode.INTR, () -> {
                if (get) {
                    patient.get("whole", here.resolve("copy"), false, until(1));
                } else {
                    patient.put(source, "copy", false, until(1));
                }
            });
        }
        assertEquals(Map.of(get ? Wire.GET : Wire.PUT, TIMEOUT_MS, get ? Wire.READ : Wire.WRITE, TIMEOUT_MS, Wire.CLOSE, 2_000L),
                waits);
    }

    @Test
    void findsAByteThatChangedOnItsWay() throws Exception {
        Files.write(there.resolve("f"), random(3 * BLOCK));
        try (Endpoint raw = bind(101); FileClient broken = new FileClient(corrupting(raw), SERVER, BLOCK, TIMEOUT_MS)) {
            fails(ErrorCode.IO, () -> broken.get("f", here.resolve("f"), false, Progress.NONE));
        }
        assertFalse(Files.exists(here.resolve("f")), "a damaged file has the whole one's name");
    }

    @Test
    void closesWhatSilentClientsLeftOpenWhenThereIsNoRoom() throws Exception {
        long[] now = {0};
        Path file = Files.write(there.resolve("f"), random(10));
        try (DigestThread digests = new DigestThread(); OpenFiles files = new OpenFiles(() -> now[0])) {
            for (int i = 0; i < OpenFiles.MAX; i++) {
                files.room();
                files.add(OpenFile.toRead(i, file, digests));
            }
            fails(ErrorCode.NFILE, files::room);
            now[0] = 61_000_000_000L;
            files.get(OpenFiles.MAX, OpenFiles.MAX - 1);
            files.room();
            fails(ErrorCode.BADF, () -> files.get(1, 0));
            files.get(OpenFiles.MAX, OpenFiles.MAX - 1);
        }
    }

    @Test
    void closesWhatASilentClientLeftOpenWhenAnotherOneNeedsItsRoom() throws Exception {
        long[] now = {0};
        try (DigestThread digests = new DigestThread(); DiskThread disk = new DiskThread();
                OpenFiles files = new OpenFiles(() -> now[0])) {
            Path path = there.resolve("f");
            files.add(OpenFile.toWrite(1, path, Part.open(path, 10, false, disk), 10, digests));
            assertFalse(files.closeSilent());
            now[0] = 61_000_000_000L;
            assertTrue(files.closeSilent());
            Part.open(path, 10, false, disk).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"No space left on device, NOSPC", "Read-only file system, ROFS", "File too large, FBIG",
            "Too many open files, MFILE", "Input/output error, IO"})
    void saysWhatTheOperatingSystemRefused(String reason, ErrorCode code) {
        assertEquals(code, PlainFile.failure(new IOException("f: " + reason), "f").code());
    }

    @Test
    void isARequestOfTheContainer() throws Exception {
        byte[] bytes = random(3_000_000);
        Files.write(there.resolve("f"), bytes);
        M3ftpHandler handler = new M3ftpHandler(kernel, () -> new Folder(here));
        Map<String, Object> row = Asked.of(handler, "action", "get", "dcid", "0", "server", "20", "file", "f").rows().get(0);
        assertEquals(3_000_000L, row.get("bytes"));
        assertArrayEquals(bytes, Files.readAllBytes(here.resolve("f")));
        Asked.of(handler, "action", "put", "dcid", "0", "server", "20", "file", "g", "local", "f", "resume", "true");
        assertTrue(Arrays.equals(bytes, Files.readAllBytes(there.resolve("g"))));
        DvsException out = assertThrows(DvsException.class, () -> Asked.of(handler, "action", "get", "dcid", "0", "server", "20",
                "file", "f", "local", "../f"));
        assertEquals(ErrorCode.INVAL, out.code());
        assertEquals("--local: '../f' leads out of the folder", out.getMessage());
        fails(ErrorCode.ACCES, () -> Asked.of(handler, "action", "get", "dcid", "0", "server", "20", "file", "../f"));
        fails(ErrorCode.DEADSRCDST, () -> Asked.of(handler, "action", "get", "dcid", "0", "server", "21", "file", "f"));
    }

    /** It ends before its deadline: at that moment nobody would hear it any more. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhenItsTimeIsOverThatItCanBeGoneOnWith(boolean silent) throws Exception {
        AtomicLong now = new AtomicLong();
        M3ftpHandler handler = new M3ftpHandler(kernel, () -> new Folder(here));
        Files.write(there.resolve("f"), random(FileClient.MAX_BLOCK + 1));
        kernel.bindHandler(0, 21, "silent", (message, at) -> { });
        Map<String, Object> values = Map.of("action", "get", "dcid", 0L, "server", silent ? 21L : (long) SERVER, "file", "f");
        // It stands still, or goes on to just before the deadline.
        LongSupplier clock = silent ? () -> 0 : () -> Math.min(500_000_000L, now.getAndAdd(100_000_000L));
        Request request = new Request(handler.spec(), handler.spec().complete(values),
                new Caller("eva", Set.of(Role.OPERATOR), "cli", "local"), "1", clock, 550_000_000L);
        DvsException late = assertThrows(DvsException.class, () -> handler.handle(request, row -> { }));
        assertEquals(ErrorCode.TIMEDOUT, late.code());
        assertTrue(late.getMessage().endsWith("; --resume goes on with what has come"), late.getMessage());
        assertFalse(request.timeLeft().isNegative());
        assertFalse(Files.exists(here.resolve("f")));
    }

    @ParameterizedTest
    @CsvSource({"'', 2", "--socket, 2", "--socket x, 2", "--socket x get 0 1 2 a, 2", "--socket x get 0 1 2 a b --block 1, 2",
            "--socket x get 0 1 2 a b --fast, 2", "--socket x get 0 1 2 a b --read-only, 2",
            "--socket x server 0 20 /tmp --resume, 2", "--socket x server 0 20 /tmp --block 4096, 2",
            "--socket=missing get 0 1 2 a b --block=4096, 5", "--socket x get 0 one 2 a b, 2", "--help, 0",
            "--socket missing get 0 1 2 a b, 5"})
    void tellsHowItIsUsed(String words, int code) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        String[] arguments = words.isEmpty() ? new String[0] : words.split(" ");
        assertEquals(code, Main.run(arguments, stream, stream), () -> out.toString(StandardCharsets.UTF_8));
        String printed = out.toString(StandardCharsets.UTF_8);
        assertTrue(printed.contains(code == 5 ? "DVS-NET-0059" : "Usage"), printed);
    }
}
