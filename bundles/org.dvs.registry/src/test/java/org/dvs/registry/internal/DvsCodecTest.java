package org.dvs.registry.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.testkit.Seeds;
import org.junit.jupiter.api.Test;

class DvsCodecTest {
    private static final String GOLDEN = "01" + "0003647673" + "00000020" + "00000020" + "000000dd" + "00000023" + "00000040"
            + "00010000" + "00100000" + "0000000000000000";

    @Test
    void writesTheSameBytesForEver() throws DvsException {
        assertEquals(GOLDEN, HexFormat.of().formatHex(DvsCodec.encode(DvsParameters.DEFAULT)));
        assertEquals(DvsParameters.DEFAULT, DvsCodec.parameters(HexFormat.of().parseHex(GOLDEN)));
        assertEquals("0100056e6f646537", HexFormat.of().formatHex(DvsCodec.encodeNode("node7")));
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        Seeds.each(200, seed -> {
            Random random = new Random(seed);
            DvsParameters parameters = new DvsParameters("n" + random.nextInt(1000), random.nextInt(), random.nextInt(),
                    random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt(), random.nextInt(), random.nextLong());
            assertEquals(parameters, DvsCodec.parameters(DvsCodec.encode(parameters)));
        });
    }

    @Test
    void refusesBytesThatAreCutOffTooLongOrOfAnotherFormat() {
        byte[] good = DvsCodec.encode(DvsParameters.DEFAULT);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertEquals(ErrorCode.GENERIC, assertThrows(DvsException.class, () -> DvsCodec.parameters(cut)).code());
        }
        assertThrows(DvsException.class, () -> DvsCodec.parameters(Arrays.copyOf(good, good.length + 1)));
        byte[] newer = good.clone();
        newer[0] = 2;
        assertEquals("dvs/params is written in format 2, this node knows 1: update it",
                assertThrows(DvsException.class, () -> DvsCodec.parameters(newer)).getMessage());
    }
}
