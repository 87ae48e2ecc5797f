package org.dvs.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;

import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The frame of a call … as {@link GateOp} draws it: length, op, big-endian numbers, message in little-endian. */
@Tag("R-PXY-08")
class FramesTest {
    private static final Message MESSAGE = new Message(0x01020304).putInt(Message.M1_I1, 7);
    private static final String MESSAGE_HEX = "ce6a0000" + "04030201" + "07000000" + "00".repeat(24);

    private static Arguments frame(String call, String hex, Function<Frames, ByteBuffer> frame) {
        return Arguments.of(call, hex.replace(" ", ""), frame);
    }

    static Stream<Arguments> frames() {
        return Stream.of(
                frame("BIND", "00000016 01 44565347 0002 00 00000002 0000000a ffffffff 6869",
                        f -> f.bind(2, 10, "hi", BindKind.SELF, -1)),
                frame("BIND as backup", "00000015 01 44565347 0002 03 00000000 fffffffe 00000001 78",
                        f -> f.bind(0, -2, "x", BindKind.BACKUP, 1)),
                frame("ATTACH", "0000000a 02 44565347 0002 c3bc78", f -> f.attach("üx")),
                frame("SEND", "00000031 03 0000000a 0000000000001388" + MESSAGE_HEX,
                        f -> f.message(GateOp.SEND, 10, 5_000, MESSAGE)),
                frame("RECEIVE", "0000000d 04 00007ace ffffffffffffffff", f -> f.peer(GateOp.RECEIVE, 31_438, -1)),
                frame("SENDREC", "00000031 05 fffffffe 0000000000000000" + MESSAGE_HEX,
                        f -> f.message(GateOp.SENDREC, -2, 0, MESSAGE)),
                frame("RCVRQST", "0000000d 06 00007ace 0000000000000001", f -> f.peer(GateOp.RCVRQST, 31_438, 1)),
                frame("REPLY", "00000031 07 0000000b 0000000000000001" + MESSAGE_HEX,
                        f -> f.message(GateOp.REPLY, 11, 1, MESSAGE)),
                frame("REPLY_RCVRQST", "00000031 12 0000000b 0000000000000001" + MESSAGE_HEX, f -> Frames.withOp(
                        f.message(GateOp.REPLY, 11, 1, MESSAGE), GateOp.REPLY_RCVRQST)),
                frame("REPLY_RECEIVE", "00000031 13 0000000b ffffffffffffffff" + MESSAGE_HEX,
                        f -> f.message(GateOp.REPLY_RECEIVE, 11, -1, MESSAGE)),
                frame("NOTIFY", "00000011 08 0000000b ffffffffffffffff ffffffff", f -> f.ntfy(11, -1, -1)),
                frame("NOTIFY with a value", "00000011 08 0000000b 0000000000000002 0000001f", f -> f.ntfy(11, 2, 31)),
                frame("VCOPY", "0000001d 09 0000000a 0000000000001000 00008ace 0000000100000002 00010000",
                        f -> f.vcopy(10, 0x1000, 35_534, 0x100000002L, 65_536)),
                frame("WAIT4BIND", "0000000d 0a 0000000a 0000000000000005", f -> f.peer(GateOp.WAIT4BIND, 10, 5)),
                frame("WAIT4UNBIND", "0000000d 0b 0000000a 0000000000000005", f -> f.peer(GateOp.WAIT4UNBIND, 10, 5)),
                frame("UNBIND", "0000000d 0c 0000000a 0000000000000005", f -> f.peer(GateOp.UNBIND, 10, 5)),
                frame("GETEP", "00000005 0d 00001267", f -> f.number(GateOp.GETEP, 4_711)),
                frame("EXIT", "00000005 0f 00000001", f -> f.number(GateOp.EXIT, 1)),
                frame("COPY_DATA, bytes follow", "00000012 10 00000003 00000000", f -> f.copied(GateOp.COPY_DATA, 3, 0, 9)),
                frame("COPY_WRITTEN", "00000009 11 00000003 fffffff2", f -> f.copied(GateOp.COPY_WRITTEN, 3, -14, 0)));
    }

    private static String hex(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void isWritten(String call, String hex, Function<Frames, ByteBuffer> frame) {
        Frames frames = new Frames();
        // What was in the buffer before does not shine through.
        frames.vcopy(-1, -1, -1, -1, -1);
        assertEquals(hex, hex(frame.apply(frames)));
    }
}
