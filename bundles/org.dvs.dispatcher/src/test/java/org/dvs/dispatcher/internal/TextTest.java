package org.dvs.dispatcher.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void cutsToBytesAndNeverThroughACharacter() {
        assertEquals("short", Text.cut("short", 5));
        for (String each : List.of("x", "é", "日", "😀", "a😀")) {
            for (int max = 9; max < 40; max++) {
                String cut = Text.cut(each.repeat(40), max);
                assertTrue(cut.getBytes(StandardCharsets.UTF_8).length <= max, max + " " + cut);
                assertEquals(cut, new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
                assertTrue(cut.endsWith("…"));
            }
        }
    }
}
