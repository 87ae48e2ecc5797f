package org.dvs.proxy.internal.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.dvs.kernel.api.Command;

/**
 * Jazzer target. A normal build only replays the inputs kept in {@code src/test/resources}; {@code JAZZER_FUZZ=1 mvn -pl
 * bundles/org.dvs.proxy test -Dtest=FrameFuzzTest} searches for new ones.
 */
class FrameFuzzTest {
    private static final int MAX_DATA = 4096;

    /** Whatever comes is refused or read, within the frame and the limits; with a check that fits, to get behind it. */
    @FuzzTest
    void read(FuzzedDataProvider data) {
        boolean mend = data.consumeBoolean();
        ByteBuffer frame = ByteBuffer.wrap(data.consumeRemainingAsBytes());
        FrameDecoder decoder = new FrameDecoder(MAX_DATA);
        Frame header = new Frame();
        if (mend && frame.limit() >= FrameLayout.HEADER) {
            frame.putInt(0, FrameLayout.MAGIC).put(4, (byte) (frame.get(4) == 2 ? 2 : 1));
            Fault fault = decoder.header(frame, header);
            if (fault == Fault.CHECK) {
                frame.putInt(FrameLayout.AT_CHECK, new Digester().check(frame, 0, 20, 24, header.checkedTo()));
            }
        }
        if (decoder.header(frame, header) != null) {
            return;
        }
        assertTrue(header.raw <= Math.max(MAX_DATA, (FrameLayout.MAX_BATCH + 1) * CompactLayout.MOST_BYTES));
        if (header.type == FrameLayout.COMMAND) {
            Command command = new Command();
            if (header.has(FrameLayout.DATA)) {
                Fault fault = decoder.data(frame, header, command);
                assertTrue(fault == null || command.payload == null);
            } else if (decoder.commands(frame, header, command) == null) {
                int count = 1;
                while (decoder.next(command)) {
                    count++;
                }
                assertEquals(header.batch + 1, count);
            }
        } else if (header.type == FrameLayout.HELLO) {
            FrameDecoder.hello(frame, header);
        }
    }
}
