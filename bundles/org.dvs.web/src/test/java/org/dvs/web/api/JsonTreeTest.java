package org.dvs.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** Names finish the sentence "a tree …". */
class JsonTreeTest {
    private static String json(Object tree) {
        return new String(JsonTree.bytes(tree), StandardCharsets.UTF_8);
    }

    @Test
    void isJsonWhateverValuesItHas() {
        Map<Object, Object> tree = new LinkedHashMap<>();
        tree.put("list", Arrays.asList(1, 2L, 1.5, 0.5f, true, null, "a\"b\n", 'c'));
        tree.put(7, Map.of());

        assertEquals("{\"list\":[1,2,1.5,0.5,true,null,\"a\\\"b\\n\",\"c\"],\"7\":{}}", json(tree));
        assertEquals("\"NaN\"", json(Double.NaN));
    }

    @Test
    void hasItsTextsChangedAndItsNamesKept() {
        assertEquals("{\"name\":\"TEXT\"}", new String(JsonTree.bytes(Map.of("name", "text"),
                text -> text.toUpperCase(Locale.ROOT)), StandardCharsets.UTF_8));
    }

    @Test
    void leavesTheStreamOpen() throws Exception {
        boolean[] closed = new boolean[1];
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        JsonTree.write(List.of(1), out);

        assertEquals("[1]", out.toString(StandardCharsets.UTF_8));
        assertFalse(closed[0]);
    }
}
