package org.dvs.agent.host.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_DF …". */
@Tag("R-CMD-17")
class DfHandlerTest {
    /** For what answers. */
    private static final long PATIENT_MS = 60_000;
    private static final String MOUNTS = """
            27 1 254:0 / / rw - ext4 /dev/vda rw
            22 27 0:21 / /proc rw - proc proc rw
            50 27 0:50 / /home rw - nfs4 server:/home rw
            """;
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    @TempDir
    Path folder;
    private DfHandler handler;

    @AfterEach
    void stop() {
        released.countDown();
        if (handler != null) {
            handler.stop();
        }
    }

    private RequestOf df(SpaceReader reader, long deadlineMs) throws IOException {
        new ProcSample(folder).file("proc/self/mountinfo", MOUNTS);
        handler = new DfHandler(folder, reader, deadlineMs);
        return new RequestOf(handler);
    }

    private Space hangsOnHome(String target) throws IOException {
        if (target.equals("/home")) {
            asked.incrementAndGet();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        return new Space(1_000, 400, 300, 50, 20);
    }

    @Test
    void givesSpaceAndInodesOfEachMount() throws Exception {
        RequestOf df = df(target -> new Space(1_000, 400, 300, 50, 20), PATIENT_MS);

        assertEquals(0, df.ask(Map.of()));

        assertEquals(2, df.rows().size());
        assertEquals("/dev/vda", df.value(0, "source"));
        assertEquals("ext4", df.value(0, "fstype"));
        assertEquals("/", df.value(0, "target"));
        assertEquals(1_000L, df.value(0, "size"));
        assertEquals(600L, df.value(0, "used"));
        assertEquals(300L, df.value(0, "avail"));
        assertEquals(66.7, df.value(0, "use_pct"));
        assertEquals(50L, df.value(0, "inodes"));
        assertEquals(30L, df.value(0, "iused"));
        assertEquals(20L, df.value(0, "ifree"));
    }

    @Test
    void listsADeadMountAsUnknownAndGoesOn() throws Exception {
        RequestOf df = df(this::hangsOnHome, 50);

        assertEquals(0, df.ask(Map.of()));

        assertEquals(1_000L, df.value(0, "size"));
        assertEquals("/home", df.value(1, "target"));
        assertNull(df.value(1, "size"));
        assertNull(df.value(1, "use_pct"));
    }

    /** A file system in user space whose program never answers; it ends with its program. */
    @Test
    void goesOnBesideARealMountThatHangs() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")) && Files.isWritable(Path.of("/dev/fuse"))
                && Files.isExecutable(Path.of("/usr/bin/perl")), "a file system in user space takes root, /dev/fuse and perl");
        Path dead = Files.createDirectory(folder.resolve("dead"));
        Process program = new ProcessBuilder("/usr/bin/perl", "-e", "$^F = 255; open(my $fuse, '+<', '/dev/fuse') or die;"
                + "system('/usr/bin/mount', '-i', '-t', 'fuse', '-o', 'fd=' . fileno($fuse) . ',rootmode=40000,user_id=0,"
                + "group_id=0',"
                + "'hang', $ARGV[0]) == 0 or die; $| = 1; print qq(up\n); sleep 300", dead.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var out = program.inputReader()) {
            assumeTrue("up".equals(out.readLine()), "this kernel mounts no file system in user space");
            handler = new DfHandler(Path.of("/"), SpaceReaders::read, 300);
            RequestOf df = new RequestOf(handler);
            long start = System.nanoTime();
            df.ask(Map.of());
            assertTrue(System.nanoTime() - start < 60_000_000_000L);
            int row = -1;
            int known = 0;
            for (int each = 0; each < df.rows().size(); each++) {
                row = df.value(each, "target").equals(dead.toString()) ? each : row;
                known += df.value(each, "size") == null ? 0 : 1;
            }
            assertTrue(row >= 0 && known > 0, df.rows().size() + " rows");
            assertNull(df.value(row, "size"));
        } finally {
            program.destroyForcibly();
            new ProcessBuilder("/usr/bin/umount", "--lazy", dead.toString()).start().waitFor();
        }
    }

    @Test
    void doesNotAskADeadMountAgainWhileItHangs() throws Exception {
        RequestOf df = df(this::hangsOnHome, 50);

        df.ask(Map.of());
        // Its thread may begin only when nobody waits for it any more.
        await().atMost(60, SECONDS).until(() -> asked.get() == 1);
        for (int round = 1; round < 3; round++) {
            df.ask(Map.of());
        }

        assertEquals(1, asked.get());
        assertEquals(6, df.rows().size());
    }

    @Test
    void listsAMountThatMayNotBeReadAsUnknown() throws Exception {
        RequestOf df = df(target -> {
            throw new IOException("errno 13");
        }, PATIENT_MS);

        assertEquals(0, df.ask(Map.of()));
        assertNull(df.value(0, "size"));
    }

    @Test
    void showsPseudoFileSystemsWhenAsked() throws Exception {
        RequestOf df = df(target -> new Space(0, 0, 0, -1, -1), PATIENT_MS);

        df.ask(Map.of("pseudo", true));

        assertEquals(List.of("/", "/proc", "/home"), df.rows().stream().map(row -> row[2]).toList());
        assertNull(df.value(1, "use_pct"));
        assertNull(df.value(1, "inodes"));
    }

    @Test
    void takesAPathAndShowsTheMountThatHoldsIt() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        RequestOf df = df(target -> new Space(1_000, 400, 300, -1, -1), PATIENT_MS);

        df.ask(Map.of("path", file.toString()));

        assertEquals(1, df.rows().size());
        assertEquals("/", df.value(0, "target"));
    }

    @Test
    void refusesAPathThatIsNotThereAndNamesIt() throws Exception {
        RequestOf df = df(SpaceReader.JDK, PATIENT_MS);

        DvsException missing = assertThrows(DvsException.class, () -> df.ask(Map.of("path", "/no/such\nfile")));

        assertEquals(ErrorCode.NOENT, missing.code());
        assertEquals("there is no '/no/such\\nfile'", missing.getMessage());
        assertEquals(ErrorCode.BADVALUE, assertThrows(DvsException.class, () -> df.ask(Map.of("path", "relative"))).code());
    }

    @Test
    void showsTheRootOfTheRealMachineAlikeThroughTheJdkAndThroughStatvfs() throws IOException {
        Space jdk = SpaceReader.JDK.read("/");
        Space statvfs = new Statvfs().read("/");

        assertEquals(jdk.size(), statvfs.size());
        assertTrue(Math.abs(jdk.available() - statvfs.available()) < 1L << 30);
        assertTrue(statvfs.inodes() > statvfs.freeInodes() && statvfs.freeInodes() > 0, statvfs.toString());
        assertThrows(IOException.class, () -> new Statvfs().read("/no/such/place"));
    }
}
