package org.dvs.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.gate.GateOp;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the kernel says … in whatever pieces it comes. */
@Tag("R-PXY-08")
class GateWireTest {
    private static final int ALL = 1 << 20;
    private static final String MESSAGE_HEX = "0b000000" + "04030201" + "07000000" + "00".repeat(24);
    private static final String RECEIVED = "00000029 20 00000000" + MESSAGE_HEX;
    /** Where the first buffer that is exposed lies. */
    private static final String ADDRESS = "0000000000001000";

    private static byte[] bytes(String... frames) {
        return HexFormat.of().parseHex(String.join("", frames).replace(" ", ""));
    }

    private static IpcException refused(ErrorCode code, byte[] said) {
        ScriptedKernel kernel = new ScriptedKernel(said, ALL);
        GateWire wire = new GateWire(kernel, "the kernel");
        IpcException refused = assertThrows(IpcException.class, wire::result);
        assertEquals(code, refused.code());
        assertFalse(kernel.isOpen(), "the connection is of no use any more");
        return refused;
    }

    private static void received(ScriptedKernel kernel) throws IpcException {
        Endpoint self = new BlockingEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "p");
        Message message = new Message();
        self.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER);
        assertEquals(11, message.source());
        assertEquals(0x01020304, message.type());
        assertEquals(7, message.getInt(Message.M1_I1));
        assertEquals("0000000d0400007aceffffffffffffffff", kernel.taken());
    }

    @Test
    void isUnderstoodWhereverItIsSplit() throws IpcException {
        byte[] said = bytes(RECEIVED);
        for (int split = 1; split < said.length; split++) {
            received(new ScriptedKernel(said, split, ALL));
        }
        received(new ScriptedKernel(said, 1));
        received(new ScriptedKernel(said, ALL));
    }

    /** A program whose block is read, then written, while it waits. */
    private static void copied(int... pieces) throws IpcException {
        ScriptedKernel kernel = new ScriptedKernel(bytes("0000 0011 21 00000005" + ADDRESS + "00000003",
                "00000010 22 00000006" + "0000000000001001" + "aabbcc", "00000001 23", RECEIVED, RECEIVED), pieces);
        Endpoint self = new BlockingEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "p");
        ByteBuffer block = ByteBuffer.allocateDirect(4).put(new byte[] {1, 2, 3, 4}).flip();
        self.memory().expose(block);
        Message message = new Message();
        self.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER);
        assertEquals(7, message.getInt(Message.M1_I1));
        byte[] after = new byte[4];
        block.get(after);
        assertArrayEquals(new byte[] {1, (byte) 0xaa, (byte) 0xbb, (byte) 0xcc}, after);
        self.receive(EndpointNumbers.ANY, message, Endpoint.FOREVER);
        String receive = "0000000d0400007aceffffffffffffffff";
        assertEquals(receive + "0000000c100000000500000000010203" + "00000009110000000600000000" + receive, kernel.taken());
    }

    @Test
    void ofCopiesIsDoneWhileACallWaitsWhereverItIsSplit() throws IpcException {
        int total = 21 + 20 + 5 + 2 * 45;
        for (int split = 1; split < total; split++) {
            copied(split, ALL);
        }
        copied(1);
        copied(3);
        copied(ALL);
    }

    @Test
    void ofCopiesBeyondWhatIsExposedIsAnsweredWithAFault() throws IpcException {
        ScriptedKernel kernel = new ScriptedKernel(bytes("00000011 21 00000001" + ADDRESS + "00000005",
                "00000011 21 00000002 0000000000000000 00000001", "00000011 21 00000003" + ADDRESS + "ffffffff",
                "00000011 21 00000004 ffffffffffffffff 00000001", "0000000e 22 00000005 0000000000001004 aa",
                "00000005 20 00000000"), ALL);
        GateWire wire = new GateWire(kernel, "the kernel");
        wire.memory().expose(ByteBuffer.allocate(4));
        assertEquals(0, wire.result().getInt());
        StringBuilder expected = new StringBuilder();
        for (int id = 1; id <= 4; id++) {
            expected.append("0000000910").append(String.format("%08x", id)).append("fffffff2");
        }
        assertEquals(expected + "00000009" + "1100000005fffffff2", kernel.taken());
    }

    @Test
    void toWriteIsRefusedForABufferThatCanOnlyBeRead() throws IpcException {
        ScriptedKernel kernel = new ScriptedKernel(bytes("0000000e 22 00000005" + ADDRESS + "aa", "00000005 20 00000000"), ALL);
        GateWire wire = new GateWire(kernel, "the kernel");
        wire.memory().expose(ByteBuffer.allocate(4).asReadOnlyBuffer());
        assertEquals(0, wire.result().getInt());
        assertEquals("000000091100000005fffffff2", kernel.taken());
    }

    @Test
    void mayBeAsLongAsACopyAndNoLonger() throws IpcException {
        int length = GateOp.MAX_COPY_BYTES;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        said.writeBytes(ByteBuffer.allocate(17).putInt(13 + length).put(GateOp.COPY_WRITE).putInt(1).putLong(0x1000).array());
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 9);
        said.writeBytes(data);
        said.writeBytes(bytes("00000005 20 00000000"));
        GateWire wire = new GateWire(new ScriptedKernel(said.toByteArray(), 60_000), "the kernel");
        ByteBuffer block = ByteBuffer.allocate(length);
        wire.memory().expose(block);
        assertEquals(0, wire.result().getInt());
        assertArrayEquals(data, block.array());

        int tooLong = length + GateOp.HEADER_BYTES + 1;
        assertTrue(refused(ErrorCode.CONNRESET, ByteBuffer.allocate(4).putInt(tooLong).array()).getMessage()
                .endsWith("a frame of " + tooLong + " bytes"));
    }

    @Test
    void endsTheConnectionWhenItIsNonsense() {
        assertTrue(refused(ErrorCode.CONNRESET, bytes("00000000")).getMessage().endsWith("a frame of 0 bytes"));
        assertTrue(refused(ErrorCode.CONNRESET, bytes("ffffffff")).getMessage().endsWith("a frame of -1 bytes"));
        assertTrue(refused(ErrorCode.CONNRESET, bytes("00000001 63")).getMessage()
                .endsWith("it said 99, which this version does not know"));
        assertTrue(refused(ErrorCode.CONNRESET, bytes("00000003 21 0000")).getMessage().endsWith("a frame that is cut off"));
        assertTrue(refused(ErrorCode.CONNRESET, bytes("00000003 20 0000")).getMessage().endsWith("a result of 2 bytes"));
        assertTrue(refused(ErrorCode.CONNRESET, bytes("00000006 20 00000000 00")).getMessage().endsWith("a result of 5 bytes"));
    }

    @Test
    void isTheEndWhenItBreaksOffWhereverThatIs() {
        byte[] said = bytes(RECEIVED);
        for (int length = 0; length < said.length; length++) {
            assertEquals("the kernel is gone", refused(ErrorCode.CONNRESET, Arrays.copyOf(said, length)).getMessage());
        }
    }

    @Test
    void saysWhyACallFailedAndIsNoMessageEither() {
        String why = "3a 20 69 74 20 6d 6f 76 65 73";
        String longest = "000000cd 20 ffffff94" + "61".repeat(200);
        ScriptedKernel kernel = new ScriptedKernel(bytes("0000000f 20 ffffff94" + why, longest), ALL);
        Endpoint self = new BlockingEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "p");
        Message message = new Message(5);
        assertEquals("sendrec to 11 by p (10 of dc0): it moves",
                assertThrows(IpcException.class, () -> self.sendrec(11, message, 1_000)).getMessage());
        assertTrue(assertThrows(IpcException.class, () -> self.sendrec(11, message, 1_000)).getMessage()
                .endsWith("a".repeat(200)));
        assertEquals(5, message.type());
        assertTrue(refused(ErrorCode.CONNRESET, bytes("000000ce 20 ffffff94" + "61".repeat(201))).getMessage()
                .endsWith("a result of 205 bytes"));
    }

    @Test
    void isRefusedWithoutAMessageBeforeItIsSent() {
        ScriptedKernel kernel = new ScriptedKernel(new byte[0], ALL);
        Endpoint self = new BlockingEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "p");
        for (Executable call : List.<Executable>of(() -> self.send(11, null, 0), () -> self.receive(11, null, 0),
                () -> self.sendrec(11, null, 0), () -> self.rcvrqst(null, 0), () -> self.reply(11, null, 0),
                () -> self.replyRcvrqst(11, null, 0))) {
            IpcException refused = assertThrows(IpcException.class, call);
            assertEquals(ErrorCode.INVAL, refused.code());
            assertTrue(refused.getMessage().endsWith("message: null was given, where one is needed"), refused.getMessage());
        }
        assertEquals("", kernel.taken());
    }

    @Test
    void isNoMessageWhenTheCallFailed() {
        ScriptedKernel kernel = new ScriptedKernel(bytes("00000005 20 ffffff94"), ALL);
        Endpoint self = new BlockingEndpoint(new GateWire(kernel, "the kernel"), 0, 10, "p");
        Message message = new Message(5);
        IpcException refused = assertThrows(IpcException.class, () -> self.sendrec(11, message, 1_000));
        assertEquals(ErrorCode.SRCDIED, refused.code());
        assertEquals("sendrec to 11 by p (10 of dc0)", refused.getMessage());
        assertEquals(5, message.type());
        assertTrue(kernel.isOpen(), "the endpoint goes on");
    }
}
