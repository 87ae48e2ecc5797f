package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Role;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.ProcessFlags;
import org.dvs.kernel.api.ProcessInfo;
import org.dvs.testkit.ProcSample;
import org.dvs.testkit.RecordingKernel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_PS …". */
@Tag("R-CMD-17")
class PsHandlerTest {
    private final RecordingKernel kernel = new RecordingKernel();

    @Test
    void givesOneRowForEachProcessWithItsFieldsInTheColumnsOrder(@TempDir Path folder) throws Exception {
        new ProcSample(folder).file("proc/stat", "btime 1700000000\n").file("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
                .process(4, "init", "S 0 4 4 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", 0, " 8",
                        "/sbin/init\0".getBytes(StandardCharsets.UTF_8));
        RequestOf ps = new RequestOf(new PsHandler(folder, () -> kernel));

        assertEquals(0, ps.ask(Map.of()));

        assertEquals(1, ps.rows().size());
        assertEquals(4, ps.value(0, "pid"));
        assertEquals(4, ps.value(0, "tgid"));
        assertEquals(0L, ps.value(0, "uid"));
        assertEquals("root", ps.value(0, "user"));
        assertEquals("S", ps.value(0, "state"));
        assertEquals(5, ps.value(0, "nice"));
        assertEquals(3, ps.value(0, "threads"));
        assertEquals(1_700_000_001_000L, ps.value(0, "start"));
        assertEquals(10L, ps.value(0, "cpu_user"));
        assertEquals(20L, ps.value(0, "cpu_sys"));
        assertEquals(8_192L, ps.value(0, "rss"));
        assertEquals("/sbin/init", ps.value(0, "args"));
        assertNull(ps.value(0, "tty"));
        assertEquals(-1, ps.value(0, "dcid"));
        assertNull(ps.value(0, "endpoint"));
    }

    @Test
    void showsAndFindsUsersUpToTheLastThatLinuxHas(@TempDir Path folder) throws Exception {
        long last = 4_294_967_294L;
        new ProcSample(folder).file("etc/passwd", "last:x:" + last + ":1000::/home/last:/bin/sh\n")
                .process(4, "mine", "S 0 4 4 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", last, " 8", new byte[0])
                .process(5, "other", "S 0 4 4 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", last - 1, " 8", new byte[0]);
        RequestOf ps = new RequestOf(new PsHandler(folder, () -> kernel));

        ps.ask(Map.of("uid", last));

        assertEquals(1, ps.rows().size());
        assertEquals(last, ps.value(0, "uid"));
        assertEquals("last", ps.value(0, "user"));
        RequestOf other = new RequestOf(new PsHandler(folder, () -> kernel));
        other.ask(Map.of("uid", last - 1));
        assertEquals("4294967293", other.value(0, "user"), "who has no name");
    }

    @Test
    void showsWhatAProcessIsBoundToAndOnlyThoseOfADcIfAsked(@TempDir Path folder) throws Exception {
        ProcSample sample = new ProcSample(folder);
        for (int pid : new int[] {4, 5, 6}) {
            sample.process(pid, "p" + pid, "S 0 4 4 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", 0, " 8", new byte[0]);
        }
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        kernel.dcInit(DcSettings.of(1, "dc1", DvsParameters.DEFAULT));
        bind(1, -7, 5, 0);
        bind(0, 9, 6, ProcessFlags.REMOTE);
        bind(1, 8, (int) ProcessHandle.current().pid(), 0);
        RequestOf ps = new RequestOf(new PsHandler(folder, () -> kernel));

        ps.ask(Map.of());
        assertEquals(List.of(-1, 1, -1), List.of(ps.value(0, "dcid"), ps.value(1, "dcid"), ps.value(2, "dcid")));
        assertEquals(-7, ps.value(1, "endpoint"));
        RequestOf ofDc = new RequestOf(new PsHandler(folder, () -> kernel));
        ofDc.ask(Map.of("dcid", 1L));
        assertEquals(1, ofDc.rows().size());
        assertEquals(5, ofDc.value(0, "pid"));
        assertEquals(ErrorCode.DCNOTRUN, assertThrows(DvsException.class, () -> ofDc.ask(Map.of("dcid", 2L))).code());
    }

    private void bind(int dcid, int endpoint, int pid, int flags) {
        kernel.put(new ProcessInfo(dcid, endpoint, endpoint, "p", flags, 0, pid, -1, 0, EndpointNumbers.NONE,
                EndpointNumbers.NONE,
                EndpointNumbers.NONE, EndpointNumbers.NONE, EndpointNumbers.NONE, 0, 0, 0, 0));
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        RequestOf ps = new RequestOf(new PsHandler(Path.of("/"), () -> kernel));
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> ps.ask(Map.of()));
    }

    @Test
    void needsAnOperatorBecauseACommandLineMayShowASecret() {
        assertEquals(Role.OPERATOR, new PsHandler(Path.of("/"), () -> kernel).spec().role());
    }
}
