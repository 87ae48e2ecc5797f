package org.dvs.monitor.internal.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "what a page is told …". */
@Tag("R-CMD-05")
class JsonTest {
    private static String json(Object tree) {
        return new String(Json.bytes(tree), StandardCharsets.UTF_8);
    }

    @Test
    void isWhatItIs() {
        assertEquals("{\"list\":[1,2.5,true,null,\"text\"]}", json(Map.of("list", Arrays.asList(1L, 2.5, true, null, "text"))));
    }

    @Test
    void hasNoControlCharacterOfANode() {
        assertEquals("[\"\\\\x1b[31mred\\nnext\\\\r \\\\u202egnp.exe\"]", json(List.of("\u001b[31mred\nnext\r \u202egnp.exe")));
        assertEquals("[\"\\\\ud800 é\"]", json(List.of("\ud800 é")));
    }

    @Test
    void keepsMarkupAsTheTextItIs() {
        assertEquals("[\"<img src=x onerror=alert(1)>\"]", json(List.of("<img src=x onerror=alert(1)>")));
    }

    @Test
    void endsVeryLongLines() {
        String shown = Json.shown("x".repeat(10_000_000));
        assertEquals(Json.LONGEST + 1, shown.length());
        assertTrue(shown.endsWith("…"));
    }
}
