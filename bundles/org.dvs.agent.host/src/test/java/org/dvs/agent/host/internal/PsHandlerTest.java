package org.dvs.agent.host.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

import org.dvs.api.Role;
import org.dvs.testkit.ProcSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_PS …". */
@Tag("R-CMD-17")
class PsHandlerTest {

    @Test
    void givesOneRowForEachProcessWithItsFieldsInTheColumnsOrder(@TempDir Path folder) throws Exception {
        new ProcSample(folder).file("proc/stat", "btime 1700000000\n").file("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n")
                .process(4, "init", "S 0 4 4 0 -1 0 0 0 0 0 1 2 0 0 20 5 3 0 100 4096 1 0", 0, " 8",
                        "/sbin/init\0".getBytes(StandardCharsets.UTF_8));
        RequestOf ps = new RequestOf(new PsHandler(folder));

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
        assertNull(ps.value(0, "dcid"));
        assertNull(ps.value(0, "endpoint"));
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        RequestOf ps = new RequestOf(new PsHandler(Path.of("/")));
        Thread.currentThread().interrupt();

        assertThrows(InterruptedException.class, () -> ps.ask(Map.of()));
    }

    @Test
    void needsAnOperatorBecauseACommandLineMayShowASecret() {
        assertEquals(Role.OPERATOR, new PsHandler(Path.of("/")).spec().role());
    }
}
