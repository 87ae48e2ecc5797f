package org.dvs.sample.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dvs.api.Caller;
import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names finish the sentence "RQST_LOADAVG …". */
class LoadHandlerTest {
    @TempDir
    Path folder;
    private final List<Object[]> rows = new ArrayList<>();

    private int ask(Path file, Map<String, Object> values) throws DvsException {
        LoadHandler handler = new LoadHandler(file, 2);
        Caller caller = new Caller("test", Set.of(), "internal", "local");
        return handler.handle(new Request(handler.spec(), handler.spec().complete(values), caller, "t-1", System::nanoTime,
                Long.MAX_VALUE), rows::add);
    }

    @Test
    void givesTheThreeAverages() throws Exception {
        Path file = Files.writeString(folder.resolve("loadavg"), "0.50 1.25 2.00 3/400 12345\n");

        assertEquals(0, ask(file, Map.of()));
        assertEquals(0, ask(file, Map.of("per_processor", true)));

        assertArrayEquals(new Object[] {0.5, 1.25, 2.0, 2}, rows.get(0));
        assertArrayEquals(new Object[] {0.25, 0.625, 1.0, 2}, rows.get(1));
    }

    @Test
    void failsWithItsFilesNameWhenItCannotBeRead() throws Exception {
        Path empty = Files.writeString(folder.resolve("empty"), "");

        for (Path file : List.of(empty, folder.resolve("missing"))) {
            DvsException failure = assertThrows(DvsException.class, () -> ask(file, Map.of()));
            assertEquals(ErrorCode.IO, failure.code());
            assertEquals("the load cannot be read from " + file, failure.getMessage());
        }
    }
}
