package org.dvs.proxy.internal.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Supplier;

import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHashFactory;
import org.dvs.testkit.Logged;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** "Machine code for LZ4 and xxHash …" */
@Tag("R-PXY-07")
class NativeCodeTest {
    private static final int BYTES = 65_536;

    @Test
    void givesWayToJavaWhereItCannotBeLoaded() throws Exception {
        Supplier<String> missing = () -> {
            throw new UnsatisfiedLinkError("no such library");
        };
        String log = Logged.during(() -> assertEquals("java", NativeCode.preferred(missing, () -> "java")));
        assertTrue(log.contains("cannot be loaded here") && log.contains("no such library"), log);
    }

    /** Two nodes need not have the same. */
    @Test
    void readsWhatJavaWroteAndTheOtherWayRound() {
        byte[] text = new byte[BYTES];
        Random random = new Random(7);
        for (int i = 0; i < BYTES; i++) {
            text[i] = (byte) ('a' + random.nextInt(3));
        }
        crosses(LZ4Factory.nativeInstance(), LZ4Factory.safeInstance(), text);
        crosses(LZ4Factory.safeInstance(), LZ4Factory.nativeInstance(), text);
        assertEquals(XXHashFactory.safeInstance().hash64().hash(ByteBuffer.wrap(text), 0, BYTES, 0),
                XXHashFactory.nativeInstance().hash64().hash(ByteBuffer.wrap(text), 0, BYTES, 0));
    }

    private static void crosses(LZ4Factory writer, LZ4Factory reader, byte[] text) {
        byte[] packed = writer.fastCompressor().compress(text);
        assertArrayEquals(text, reader.safeDecompressor().decompress(packed, BYTES));
    }
}
