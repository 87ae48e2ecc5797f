package org.dvs.kernel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Numbers and records that programs, proxies and listings agree on. */
@Tag("R-CMD-14")
@Tag("R-PXY-13")
class KernelTypesTest {

    @Test
    void callsHaveTheNumbersOfTheOriginal() {
        Set<Integer> numbers = new HashSet<>();
        for (Call call : Call.values()) {
            assertTrue(numbers.add(call.number()), call.word());
            assertEquals(1L << call.number(), call.bit());
        }
        assertEquals(35, numbers.size());
        assertEquals(2, Call.SEND.number());
        assertEquals(13, Call.VCOPY.number());
        assertEquals(34, Call.WAKEUP.number());
        assertEquals("rcvrqst", Call.RCVRQST.word());
        assertEquals(EnumSet.allOf(Call.class), Call.of(Call.allBits()));
        assertEquals(EnumSet.of(Call.SEND, Call.NOTIFY), Call.of(Call.bits(Call.SEND, Call.NOTIFY)));
        assertTrue(Call.of(0).isEmpty());
    }

    @Test
    void aProgramEndsByItsOwnEndAndByNobodyElses() {
        EnumSet<ErrorCode> ends = EnumSet.of(ErrorCode.NOTBIND, ErrorCode.SHUTDOWN, ErrorCode.DCNOTRUN, ErrorCode.INTR,
                ErrorCode.CONNRESET);
        for (ErrorCode code : ErrorCode.values()) {
            assertEquals(ends.contains(code), new IpcException(code, "").endsProgram(), code.toString());
            assertEquals(ends.contains(code), IpcException.endsProgram(code.rcode()), code.toString());
        }
        assertFalse(IpcException.endsProgram(0) || IpcException.endsProgram(31) || IpcException.endsProgram(Integer.MIN_VALUE));
    }

    @Test
    void commandsHaveTheCodesOfTheOriginal() {
        assertEquals(0x2001, Command.SEND_ACK);
        assertEquals(0x2003, Command.SNDREC_ACK);
        assertEquals(0x2005, Command.COPYIN_ACK);
        assertEquals(0x2006, Command.COPYOUT_DATA);
        assertEquals(0x2007, Command.COPYLCL_ACK);
        assertEquals(0x2008, Command.COPYRMT_ACK);
        Command command = new Command();
        command.code = Command.SEND_ACK;
        assertTrue(command.isAck());
        command.code = Command.COPYIN_RQST;
        assertFalse(command.isAck());
    }

    @Test
    void aCommandIsCopiedWithEveryFieldItHas() throws IllegalAccessException {
        Command one = new Command();
        int value = 1;
        for (Field field : Command.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                if (field.getType() == int.class) {
                    field.setInt(one, value++);
                } else {
                    field.setLong(one, value++);
                }
            }
        }
        one.message.type(5);
        one.payload = ByteBuffer.allocate(3);
        Command other = new Command().set(one);
        for (Field field : Command.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                assertEquals(field.get(one), field.get(other), field.getName());
            }
        }
        one.message.type(6);
        assertEquals(5, other.message.type());
        one.code = 0x2001;
        assertEquals("command 2001 of dc2 from 3@5 to 4@6, result 7, 3 bytes", one.toString());
    }

    @Test
    void flagsOfProcessesAreThoseOfTheOriginal() throws IllegalAccessException {
        assertEquals(0x4, ProcessFlags.SENDING);
        assertEquals(0x8, ProcessFlags.RECEIVING);
        assertEquals(0x1000, ProcessFlags.REMOTE);
        assertEquals(0x40000, ProcessFlags.WAITBIND);
        assertEquals(0x2000, ProcessFlags.ATOMIC);
        for (Field field : ProcessFlags.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                assertEquals(1, Integer.bitCount(field.getInt(null)), field.getName());
            }
        }
        assertEquals(0xE, NodeFlags.LOCAL);
        assertEquals(7, ProxyFlags.IN_USE | ProxyFlags.SENDER_CONNECTED | ProxyFlags.RECEIVER_CONNECTED);
    }

    @Test
    void recordsHandOutCopiesOfTheirSets() {
        BitSet set = new BitSet();
        set.set(3);
        Privileges privileges = new Privileges(0, 0, 0, set, 0);
        NodeInfo node = new NodeInfo(0, "", 0, 0, set, 0, 0, 0, 0);
        ProxyInfo pair = new ProxyInfo(0, "", 0, 1, 1, set, 0);
        DcInfo dc = new DcInfo(DcSettings.of(0, "dc", DvsParameters.DEFAULT), false, set, 1, 0);
        set.clear();
        for (BitSet copy : new BitSet[] {privileges.ipcTo(), node.dcs(), pair.nodes(), dc.nodes()}) {
            assertTrue(copy.get(3));
            copy.clear();
        }
        assertTrue(privileges.ipcTo().get(3) && node.dcs().get(3) && pair.nodes().get(3) && dc.nodes().get(3));
        assertEquals(DcInfo.FREE, dc.flags());
    }

    @Test
    void aDcIsMadeWithTheLimitsOfItsDvs() throws DvsException {
        DcSettings settings = DcSettings.of(1, "dc1", DvsParameters.DEFAULT);
        assertEquals(settings, settings.check(DvsParameters.DEFAULT));
        assertEquals(EndpointNumbers.NONE, settings.warn2proc());
        assertFalse(settings.generations());
        DcSettings changed = settings.warning(5, 77).countingGenerations();
        assertEquals(5, changed.warn2proc());
        assertEquals(77, changed.warnMessage());
        assertTrue(changed.generations());
        assertEquals(new EndpointNumbers(35, 221), changed.numbers());
    }

    @Test
    void anErrorOfACallHasItsNumber() {
        IpcException known = IpcException.of(ErrorCode.DSTDIED.rcode(), "send to 12 of dc0");
        assertEquals(ErrorCode.DSTDIED, known.code());
        assertEquals(-109, known.rcode());
        assertEquals("send to 12 of dc0", known.getMessage());
        IpcException unknown = IpcException.of(-9_999, "send to 12 of dc0");
        assertEquals(ErrorCode.GENERIC, unknown.code());
        assertEquals("send to 12 of dc0: result -9999", unknown.getMessage());
        assertNotNull(known.code().nextStep());
    }
}
