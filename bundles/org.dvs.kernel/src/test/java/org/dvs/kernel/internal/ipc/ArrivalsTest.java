package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.Arrivals;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several commands that came together. Names finish the sentence "the kernel …". */
@Tag("R-PXY-06")
class ArrivalsTest {
    private static final int SERVER = 10;
    private static final int CLIENT = 20;
    private static final int STRANGER = 21;
    private static final int DCS = 2;

    private final KernelCore kernel = new KernelCore(() -> 7, (ms, task) -> () -> { }, Runnable::run, 1);
    private ProxyPair pair;
    private final List<String> told = new ArrayList<>();
    /** What a proxy does with a command that is left alone. */
    private int result = -1;

    @BeforeEach
    void start() throws DvsException {
        kernel.dvsInit(1, "node1", DvsParameters.DEFAULT);
        pair = kernel.proxiesBind("pair", 0, 1, 1);
        kernel.nodeUp("node0", 0, 0);
        for (int dc = 0; dc < DCS; dc++) {
            kernel.dcInit(DcSettings.of(dc, "dc" + dc, DvsParameters.DEFAULT));
            kernel.addNode(dc, 0);
            kernel.rmtbind(dc, CLIENT, "client", 0);
            int where = dc;
            kernel.bindHandler(dc, SERVER, "server", (message, self) -> {
                assertNotEntered();
                told.add("dc" + where + " got " + message.type());
            });
        }
        pair.connectReceiver();
        pair.connectSender();
    }

    private void assertNotEntered() {
        try {
            for (int dc = 0; dc < DCS; dc++) {
                assertFalse(kernel.container(dc).isEntered());
            }
        } catch (DvsException e) {
            throw new AssertionError(e);
        }
    }

    private static Command send(int dc, int source, int destination, int number) {
        Command command = new Command();
        command.code = Command.SEND_MSG;
        command.dcid = dc;
        command.source = source;
        command.destination = destination;
        command.sourceNode = 0;
        command.destinationNode = 1;
        command.call = number;
        command.message.type(number);
        return command;
    }

    private static Command ack(AsyncEndpoint of, int call, int rcode) {
        Command command = new Command();
        command.code = Command.SEND_ACK;
        command.source = CLIENT;
        command.destination = of.number();
        command.destinationNode = 1;
        command.call = call;
        command.rcode = rcode;
        return command;
    }

    private void put(Command... commands) {
        Iterator<Command> more = List.of(commands).subList(1, commands.length).iterator();
        Command one = new Command().set(commands[0]);
        pair.put2lcl(one, new Arrivals() {
            @Override
            public boolean next(Command into) {
                if (!more.hasNext()) {
                    return false;
                }
                into.set(more.next());
                return true;
            }

            @Override
            public void refused(int rcode) {
                told.add("refused " + ErrorCode.ofRcode(rcode).orElseThrow());
            }

            @Override
            public int unbound(Command command, int rcode) {
                assertNotEntered();
                told.add("unbound " + command.call + " " + ErrorCode.ofRcode(rcode).orElseThrow());
                return result == -1 ? pair.put2lcl(command) : result;
            }
        });
        assertNotEntered();
    }

    private List<String> answers() {
        List<String> answers = new ArrayList<>();
        Command command = new Command();
        while (pair.poll(command)) {
            answers.add(Integer.toHexString(command.code) + " " + command.call + " " + command.rcode);
        }
        return answers;
    }

    @Test
    void carriesOutEachForItself() {
        put(send(0, CLIENT, SERVER, 1), send(0, CLIENT, 12, 2), send(0, CLIENT, SERVER, 3), send(1, CLIENT, SERVER, 4),
                send(9, CLIENT, SERVER, 5), send(0, CLIENT, SERVER, 6));
        assertEquals(List.of("dc0 got 1", "refused DSTDIED", "dc0 got 3", "dc1 got 4", "refused DCNOTRUN", "dc0 got 6"), told);
        // Those of one DC are in their order, which DC comes first is nobody's matter.
        assertEquals(List.of("2001 1 0", "2001 2 " + ErrorCode.DSTDIED.rcode(), "2001 3 0", "2001 4 0",
                "2001 5 " + ErrorCode.DCNOTRUN.rcode(), "2001 6 0"), answers().stream().sorted().toList());
    }

    @Test
    void givesTheDcsTheirAnswersInTurns() {
        put(send(0, CLIENT, SERVER, 1), send(0, CLIENT, SERVER, 2), send(0, CLIENT, SERVER, 3), send(1, CLIENT, SERVER, 4),
                send(1, CLIENT, SERVER, 5), send(9, CLIENT, SERVER, 6));
        List<Integer> calls = new ArrayList<>();
        Command command = new Command();
        for (int i = 0; i < DCS + 1; i++) {
            pair.poll(command);
            calls.add(command.call);
        }
        assertEquals(List.of(1, 4, 6), calls.stream().sorted().toList(), "the first of each");
        assertEquals(3, answers().size());
    }

    @Test
    void tellsTheSenderProxyAgainAfterWhatItHadWasGivenUp() throws DvsException {
        AtomicInteger heard = new AtomicInteger();
        pair.onWork(heard::incrementAndGet);
        put(send(0, CLIENT, SERVER, 1), send(9, CLIENT, SERVER, 2));
        assertEquals(1, heard.get());
        assertEquals(2, kernel.proxy(0).queued());
        pair.disconnectSender();
        assertEquals(0, kernel.proxy(0).queued());
        pair.connectSender();
        put(send(0, CLIENT, SERVER, 3));
        assertEquals(2, heard.get());
        assertEquals(List.of("2001 3 0"), answers());
    }

    @Test
    @Tag("R-PXY-11")
    void leavesAloneWhoseSourceIsNotBoundThere() {
        put(send(0, CLIENT, SERVER, 1), send(0, STRANGER, SERVER, 2), send(0, CLIENT, SERVER, 3));
        assertEquals(List.of("dc0 got 1", "unbound 2 NOTBIND", "refused NOTBIND", "dc0 got 3"), told);
        assertEquals(3, answers().size());
        told.clear();
        result = 0;
        put(send(0, STRANGER, SERVER, 4));
        assertEquals(List.of("unbound 4 NOTBIND"), told);
        assertEquals(List.of(), answers());
    }

    @Test
    void tellsWhoseMessagesAreAcknowledgedWhenAllAreKnown() throws DvsException {
        AsyncEndpoint[] senders = new AsyncEndpoint[3];
        for (int i = 0; i < 3; i++) {
            int number = i;
            senders[i] = kernel.bindAsync(0, 22 + i, "sender", BindKind.SELF, LOCALNODE);
            senders[i].send(CLIENT, new Message(1), Endpoint.FOREVER, rcode -> {
                assertNotEntered();
                told.add(number + " ended " + rcode);
            });
        }
        Command[] taken = {new Command(), new Command(), new Command()};
        assertEquals(3, pair.poll(taken));
        int failed = ErrorCode.DSTDIED.rcode();
        put(ack(senders[1], taken[1].call, 0), ack(senders[0], taken[0].call, failed), ack(senders[0], taken[0].call, 0),
                send(0, CLIENT, SERVER, 1), ack(senders[2], taken[2].call, 0));
        assertEquals(List.of("refused ACKDST", "1 ended 0", "0 ended " + failed, "dc0 got 1", "2 ended 0"), told);
    }

    @Test
    void refusesAllOfAPairThatIsNotConnected() {
        pair.disconnectReceiver();
        put(send(0, CLIENT, SERVER, 1), send(0, STRANGER, SERVER, 2));
        assertEquals(List.of("refused NOTCONN", "refused NOTCONN"), told);
        pair.unbind();
        told.clear();
        put(send(0, CLIENT, SERVER, 1));
        assertEquals(List.of("refused NOPROXY"), told);
    }
}
