package org.dvs.dispatcher.internal.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.dvs.dispatcher.internal.wire.Key;
import org.junit.jupiter.api.Test;

class ReplyCacheTest {
    private final ReplyCache cache = new ReplyCache(100);

    private static Key key(long sequence) {
        return new Key(0, 1, sequence, "RQST_X");
    }

    @Test
    void keepsTheNewestKeysAndTheBytesOfTheNewest() {
        for (int i = 0; i <= ReplyCache.MAX_KEYS; i++) {
            cache.put(key(i), List.of(new byte[30], new byte[10]));
        }
        assertEquals(ReplyCache.MAX_KEYS, cache.size());
        assertTrue(cache.get(key(0)).isEmpty());
        assertEquals(List.of(), cache.get(key(1)).orElseThrow(), "known, its bytes are gone");
        assertEquals(2, cache.get(key(ReplyCache.MAX_KEYS)).orElseThrow().size());
        assertEquals(80, cache.bytes());
    }

    @Test
    void forgetsTheBytesOfAReplyThatIsTooLargeAlone() {
        cache.put(key(1), List.of(new byte[101]));
        assertEquals(List.of(), cache.get(key(1)).orElseThrow());
        cache.put(key(1), List.of(new byte[5]));
        cache.put(key(1), List.of(new byte[7]));
        assertEquals(7, cache.bytes());
        assertEquals(1, cache.size());
    }
}
