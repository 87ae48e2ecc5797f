package org.dvs.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.util.List;

import org.dvs.proxy.internal.frame.DigestKind;
import org.dvs.proxy.internal.frame.Options;
import org.dvs.proxy.internal.link.Agreement;
import org.dvs.proxy.internal.link.Link;
import org.dvs.proxy.internal.link.LinkSettings;
import org.dvs.proxy.internal.link.Told;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names finish the sentence "the state of a parked connection …". */
@Tag("R-PXY-14")
class ParkedStateTest {
    private static final int AT_TOLD = 65;
    private static final Options OPTIONS = new Options(true, false, true, false, true, DigestKind.MD5);
    private static final Told TOLD = new Told(OPTIONS, 60_000);

    private static ByteBuffer written() {
        Agreement agreement = new Agreement(RawPeer.hello(1, 5, 3), TOLD, OPTIONS, 2, List.of(), false);
        return ParkedState.write(new Link.Parked(1, 2, 3, 4, 5, 6, 7),
                new LinkSettings(0, "node0", 1, OPTIONS, 65_536, 60_000, 5_000, 200, 10_000), agreement);
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        ParkedState read = ParkedState.read(written());
        assertEquals(1, read.peer());
        assertEquals(new Link.Parked(1, 2, 3, 4, 5, 6, 7), read.numbers());
        assertEquals(new Agreement(RawPeer.hello(1, 5, 3), TOLD, OPTIONS, 2, List.of(), false), read.agreement());
    }

    @Test
    void isReadFromABundleThatDidNotLeaveWhatItHadTold() throws Exception {
        ParkedState read = ParkedState.read(written().putInt(AT_TOLD, 65_536));
        assertNull(read.agreement().told());
        assertEquals(OPTIONS, read.agreement().options());
        assertEquals(RawPeer.hello(1, 5, 3), read.agreement().peer());
    }
}
