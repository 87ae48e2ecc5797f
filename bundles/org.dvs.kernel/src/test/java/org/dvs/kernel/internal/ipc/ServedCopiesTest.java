package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.SELF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProcessFlags;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory of a program outside, on node 1, that node 0 asks for; chunks may be as large as a DVS has them. */
@Tag("R-CMD-14")
@Tag("R-PXY-08")
class ServedCopiesTest {
    private static final int REQUESTER = 10;
    private static final int OUTSIDE = 30;
    private static final int INSIDE = 31;
    private static final int OK = 0;
    private static final int GENERIC = ErrorCode.GENERIC.rcode();
    private static final int CHUNK = ProgramMemory.ANY_TAKES;
    private static final int BYTES = DvsParameters.MAX_COPYBUF;

    private final Nodes nodes = new Nodes(2, new DvsParameters("dvs", 32, 32, 221, 35, 128, BYTES, BYTES, 0), dc -> dc);
    private final Program requester = nodes.bind(0, REQUESTER);
    private final Outside outside = new Outside(CHUNK);
    private final long mine = requester.expose(ByteBuffer.allocateDirect(BYTES));
    private final List<Integer> written = new ArrayList<>();

    ServedCopiesTest() throws DvsException {
        nodes.kernel(1).bindProgram(Nodes.DC, OUTSIDE, "outside", BindKind.SELF, EndpointNumbers.LOCALNODE, outside);
        nodes.kernel(0).rmtbind(Nodes.DC, OUTSIDE, "outside", 1);
        outside.receive(EndpointNumbers.ANY, new Message(), Endpoint.FOREVER, rcode -> { });
        outside.written = written::add;
    }

    private void isKeptStill(boolean still) throws DvsException {
        assertEquals(still, (nodes.kernel(1).process(Nodes.DC, OUTSIDE).flags() & ProcessFlags.ONCOPY) != 0);
    }

    /** What node 0 says, whatever its kernel would have. @return of put2lcl */
    private int says(int code, int bytes) {
        Command command = new Command();
        command.code = code;
        command.dcid = Nodes.DC;
        command.source = REQUESTER;
        command.destination = OUTSIDE;
        command.destinationNode = 1;
        command.copySource = code == Command.COPYIN_DATA ? REQUESTER : OUTSIDE;
        command.copyDestination = code == Command.COPYIN_DATA ? OUTSIDE : REQUESTER;
        command.copyRequester = REQUESTER;
        command.bytes = bytes;
        command.payload = code == Command.COPYIN_DATA ? ByteBuffer.allocateDirect(bytes) : null;
        return nodes.link(0, 1).pairOf(1).put2lcl(command);
    }

    @Test
    void isAskedForNoMoreAtATimeThanTheMemoryOfAnyProgramTakes() throws DvsException {
        Heard copied = requester.vcopy(SELF, mine, OUTSIDE, 0, BYTES);
        nodes.settle();
        copied.ends(BYTES);
        assertEquals(List.of(CHUNK, CHUNK, CHUNK, CHUNK), written);
        copied = requester.vcopy(OUTSIDE, 0, SELF, mine, BYTES);
        nodes.settle();
        assertEquals(Copy.WINDOW, outside.asked.size());
        for (int i = 0; i < Copy.WINDOW; i++) {
            outside.answer(i, 0, CHUNK);
        }
        nodes.settle();
        copied.ends(BYTES);
        isKeptStill(false);
    }

    @Test
    void isRefusedToANodeThatAsksForMoreAtATimeThanItTakes() throws DvsException {
        assertEquals(ErrorCode.TOOBIG.rcode(), says(Command.COPYIN_DATA, CHUNK + 1));
        assertEquals(ErrorCode.TOOBIG.rcode(), says(Command.COPYOUT_RQST, CHUNK + 1));
        assertTrue(written.isEmpty() && outside.asked.isEmpty());
        isKeptStill(false);
        assertEquals(0, says(Command.COPYIN_DATA, CHUNK));
        assertEquals(List.of(CHUNK), written);
    }

    private void isAnswered(int rcode) throws DvsException {
        nodes.settle();
        assertEquals(1, nodes.link(0, 1).delivered(0).size());
        assertEquals(rcode, nodes.link(0, 1).last(0).rcode);
        isKeptStill(false);
    }

    @Test
    void keepsNobodyStillWhenItHasADefect() throws DvsException {
        outside.defect = new IllegalStateException("planted: a defect of a memory");
        for (int i = 0; i < 4 * Copy.WINDOW; i++) {
            assertEquals(0, says(Command.COPYIN_DATA, 1));
            isAnswered(GENERIC);
            assertEquals(0, says(Command.COPYOUT_RQST, 1), "those that failed count no more");
            isAnswered(GENERIC);
        }
        outside.defect = null;
        assertEquals(0, says(Command.COPYIN_DATA, 1));
        isAnswered(OK);
    }

    @Test
    void keepsNobodyStillWhenItsBytesCannotBeKept() throws DvsException {
        for (int i = 0; i < 4 * Copy.WINDOW; i++) {
            assertEquals(0, says(Command.COPYOUT_RQST, 1));
            isKeptStill(true);
            outside.asked.get(i).read(0, null);
            isAnswered(GENERIC);
        }
    }

    @Test
    void keepsNobodyStillWhenAnotherOneOfItsNodeIsWrittenAndHasADefect() throws DvsException {
        Program inside = nodes.bind(1, INSIDE);
        inside.receive();
        outside.defect = new IllegalStateException("planted: a defect of a memory");
        long there = inside.expose(ByteBuffer.allocate(CHUNK));
        for (boolean in : new boolean[] {true, false}) {
            Heard copied = requester.vcopy(in ? INSIDE : OUTSIDE, there, in ? OUTSIDE : INSIDE, there, CHUNK);
            nodes.settle();
            copied.fails(ErrorCode.GENERIC);
            isKeptStill(false);
            assertEquals(ProcessFlags.RECEIVING, inside.info().flags());
        }
    }

    @Test
    void hasItsChunksAnsweredOnceThoughItHasADefectAfterwards() throws DvsException {
        outside.lateDefect = new IllegalStateException("planted: a defect of a memory");
        assertEquals(0, says(Command.COPYIN_DATA, 1));
        isAnswered(OK);
        assertEquals(0, says(Command.COPYOUT_RQST, 1));
        isKeptStill(true);
        assertEquals(0, says(Command.COPYIN_DATA, 1));
        isKeptStill(true);
    }

    @Test
    void isNotMissedWhenWhatSomebodyElseHasPutOffFails() throws DvsException {
        Container dc = nodes.kernel(1).container(Nodes.DC);
        dc.enter();
        dc.afterwards(() -> {
            throw new IllegalStateException("planted: a defect of what was put off");
        });
        assertEquals(0, says(Command.COPYIN_DATA, 1));
        dc.leave();
        assertEquals(List.of(1), written);
        isAnswered(OK);
    }
}
