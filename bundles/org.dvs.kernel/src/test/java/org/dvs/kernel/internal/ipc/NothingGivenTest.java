package org.dvs.kernel.internal.ipc;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.ANY;
import static org.dvs.kernel.api.EndpointNumbers.LOCALNODE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.stream.Stream;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.api.ProxyPair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Null, where a call needs something, ... */
@Tag("R-CMD-14")
class NothingGivenTest {
    private static final DvsParameters DVS = DvsParameters.DEFAULT;

    private final Nodes nodes = new Nodes(2);
    private final KernelCore kernel = nodes.kernel(0);
    private final Endpoint thread = TestKernels.bind(kernel, 10);
    private final AsyncEndpoint async = nodes.bind(0, 11).self;

    NothingGivenTest() throws DvsException {
    }

    private interface Call {
        void of(NothingGivenTest t) throws DvsException;
    }

    private static Arguments row(String what, ErrorCode expected, Call call) {
        return Arguments.of(what, expected, call);
    }

    static Stream<Arguments> calls() {
        return Stream.of(
                row("dvsInit: parameters", ErrorCode.INVAL, t -> t.nodes.bare().dvsInit(0, "node0", null)),
                row("dvsInit: name", ErrorCode.INVAL, t -> t.nodes.bare().dvsInit(0, null, DVS)),
                row("dcInit", ErrorCode.INVAL, t -> t.kernel.dcInit(null)),
                row("dcInit: name", ErrorCode.INVAL, t -> t.kernel.dcInit(DcSettings.of(5, null, DVS))),
                row("nodeUp: name", ErrorCode.INVAL, t -> t.kernel.nodeUp(null, 3, 1)),
                row("proxiesBind: name", ErrorCode.INVAL, t -> t.kernel.proxiesBind(null, 3, 1, 1)),
                row("bind: name", ErrorCode.INVAL, t -> t.kernel.bind(0, 13, null, BindKind.SELF, LOCALNODE)),
                row("bind: kind", ErrorCode.BINDTYPE, t -> t.kernel.bind(0, 13, "p", null, LOCALNODE)),
                row("bindAsync: kind", ErrorCode.BINDTYPE, t -> t.kernel.bindAsync(0, 13, "p", null, LOCALNODE)),
                row("bindHandler: handler", ErrorCode.INVAL, t -> t.kernel.bindHandler(0, 13, "p", null)),
                row("lclbind: kind", ErrorCode.BINDTYPE, t -> t.kernel.lclbind(0, 4_711, 13, null, LOCALNODE)),
                row("rmtbind: name", ErrorCode.INVAL, t -> t.kernel.rmtbind(0, 13, null, 1)),
                row("privileges", ErrorCode.INVAL, t -> t.kernel.privileges(0, 10, null)),
                row("send", ErrorCode.INVAL, t -> t.thread.send(11, null, FOREVER)),
                row("receive", ErrorCode.INVAL, t -> t.thread.receive(ANY, null, FOREVER)),
                row("sendrec", ErrorCode.INVAL, t -> t.thread.sendrec(11, null, FOREVER)),
                row("rcvrqst", ErrorCode.INVAL, t -> t.thread.rcvrqst(null, FOREVER)),
                row("reply", ErrorCode.INVAL, t -> t.thread.reply(11, null, FOREVER)),
                row("replyRcvrqst", ErrorCode.INVAL, t -> t.thread.replyRcvrqst(11, null, FOREVER)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("calls")
    void isRefusedWithASentence(String what, ErrorCode expected, Call call) throws DvsException {
        DvsException refused = assertThrows(DvsException.class, () -> call.of(this));
        assertEquals(expected, refused.code(), refused.getMessage());
        assertTrue(refused.getMessage().contains(expected == ErrorCode.INVAL ? "null was given" : "no kind of bind"),
                refused.getMessage());
        assertEquals(2, kernel.dc(0).bound());
        assertEquals(0, kernel.process(0, 10).flags());
    }

    private static void illegal(Executable call) {
        assertTrue(assertThrows(IllegalArgumentException.class, call).getMessage()
                .endsWith("null was given, where one is needed"));
    }

    @Test
    void isTheResultOfACallThatIsOnlyBegun() throws DvsException {
        Heard heard = new Heard("call", null);
        async.send(10, null, FOREVER, heard);
        heard.fails(ErrorCode.INVAL);
        Heard received = new Heard("receive", null);
        async.receive(ANY, null, FOREVER, received);
        received.fails(ErrorCode.INVAL);
        assertEquals(ErrorCode.INVAL.rcode(), async.reply(10, null));
        illegal(() -> async.send(10, new Message(), FOREVER, null));
        illegal(() -> async.notify(10, FOREVER, null));
        illegal(() -> async.vcopy(10, 1, EndpointNumbers.SELF, 1, 1, null));
        illegal(() -> async.unbind(11, FOREVER, null));
        assertEquals(0, kernel.process(0, 11).flags());
    }

    @Test
    void isRefusedByAProxyPairWhichKeepsItsCommands() throws DvsException {
        KernelCore other = new KernelCore(() -> 0, (ms, task) -> () -> { }, Runnable::run, 1);
        other.dvsInit(1, "node1", DvsParameters.DEFAULT);
        other.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        ProxyPair pair = other.proxiesBind("pair", 0, 1, 1);
        other.nodeUp("node0", 0, 0);
        other.addNode(0, 0);
        pair.connectReceiver();
        pair.connectSender();
        other.rmtbind(0, 11, "there", 0);
        AsyncEndpoint sender = other.bindAsync(0, 12, "sender", BindKind.SELF, LOCALNODE);
        sender.send(11, new Message(1), FOREVER, rcode -> { });
        illegal(() -> pair.poll((Command) null));
        illegal(() -> pair.poll((Command[]) null));
        illegal(() -> pair.poll(new Command[] {new Command(), null}));
        illegal(() -> pair.get2rmt(null, 0));
        illegal(() -> pair.put2lcl(null));
        illegal(() -> pair.put2lcl(null, null));
        illegal(() -> pair.put2lcl(new Command(), null));
        illegal(() -> pair.refuse(null, ErrorCode.BADVALUE.rcode()));
        assertEquals(0, pair.poll(new Command[0]));
        Command taken = new Command();
        assertTrue(pair.poll(taken));
        assertEquals(Command.SEND_MSG, taken.code);
        assertEquals(12, taken.source);
    }

    @Test
    void isRefusedByMemoryAndMessages() {
        illegal(() -> thread.memory().expose(null));
        Message message = new Message(3);
        illegal(() -> message.set(null));
        illegal(() -> message.putBytes(0, null));
        illegal(() -> message.putText(0, 4, null));
        illegal(() -> message.read(null));
        illegal(() -> message.write((ByteBuffer) null));
        assertEquals(new Message(3), message);
    }
}
