package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.proxy.internal.link.Agreement;
import org.dvs.proxy.internal.link.Link;
import org.dvs.proxy.internal.link.LinkSettings;
import org.dvs.proxy.internal.link.Sequences;
import org.dvs.proxy.internal.link.Told;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the state of a parked connection …". */
@Tag("R-PXY-14")
class ParkedStateTest {
    private static final int AT_TOLD = 65;
    private static final Options OPTIONS = new Options(true, false, true, false, true, DigestKind.MD5);
    private static final Told TOLD = new Told(OPTIONS, 60_000);
    private static final Link.Parked NUMBERS = new Link.Parked(1, 2, 3, 4, new Sequences.Kept(15, 14, 13, 12, 11, 10));
    private static final int NUMBERS_BEHIND = 3 * Long.BYTES;

    private static ByteBuffer written() {
        Agreement agreement = new Agreement(RawPeer.hello(1, 5, 3), TOLD, OPTIONS, 2, List.of(), false);
        return ParkedState.write(NUMBERS,
                new LinkSettings(0, "node0", 1, OPTIONS, 65_536, 60_000, 5_000, 200, 10_000), agreement);
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        ParkedState read = ParkedState.read(written());
        assertEquals(1, read.peer());
        assertEquals(NUMBERS, read.numbers());
        assertEquals(new Agreement(RawPeer.hello(1, 5, 3), TOLD, OPTIONS, 2, List.of(), false), read.agreement());
    }

    @Test
    void isReadFromABundleThatDidNotLeaveWhatItHadTold() throws Exception {
        ParkedState read = ParkedState.read(written().putInt(AT_TOLD, 65_536));
        assertNull(read.agreement().told());
        assertEquals(OPTIONS, read.agreement().options());
        assertEquals(RawPeer.hello(1, 5, 3), read.agreement().peer());
    }

    @Test
    void isReadFromABundleThatDidNotLeaveWhatWasHeardAndTold() throws Exception {
        ByteBuffer old = written();
        ParkedState read = ParkedState.read(old.limit(old.limit() - NUMBERS_BEHIND));
        assertEquals(new Sequences.Kept(15, 14, 13, 0, 15, 13), read.numbers().sequences());
        assertEquals(TOLD, read.agreement().told());
        assertEquals(RawPeer.hello(1, 5, 3), read.agreement().peer());
    }

    @Test
    void isRefusedIfItIsNotWhole() {
        ByteBuffer whole = written();
        int old = whole.limit() - NUMBERS_BEHIND;
        for (int length = 0; length < whole.limit(); length++) {
            ByteBuffer part = whole.slice(0, length);
            if (length != old) {
                assertThrows(DvsException.class, () -> ParkedState.read(part), length + " bytes");
            }
        }
    }
}
