package org.dvs.apps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.apps.latency.Latency;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names finish the sentence "a server …". */
@Tag("R-PXY-14")
class RunningTest {
    private static final int REQUESTS = 3;

    private final AtomicInteger received = new AtomicInteger();

    /** Gives some requests and then says that the program is to end; no answer can be given. */
    private Endpoint endpoint(ErrorCode answers) {
        return (Endpoint) Proxy.newProxyInstance(Endpoint.class.getClassLoader(), new Class<?>[] {Endpoint.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("reply")) {
                        throw new IpcException(answers, "reply");
                    }
                    assertEquals("receive", method.getName());
                    if (received.getAndIncrement() == REQUESTS) {
                        throw new IpcException(ErrorCode.SHUTDOWN, "receive");
                    }
                    ((Message) arguments[1]).type(1).source(40);
                    return null;
                });
    }

    @ParameterizedTest
    @EnumSource
    void endsByItsOwnEndOnlyWhateverKeepsItFromAnAnswer(ErrorCode answers) {
        IpcException end = assertThrows(IpcException.class, () -> Running.run(Latency.server(), endpoint(answers)));
        boolean own = new IpcException(answers, "").endsProgram();
        assertEquals(own ? answers : ErrorCode.SHUTDOWN, end.code());
        assertEquals(own ? 1 : REQUESTS + 1, received.get());
    }

    @ParameterizedTest
    @CsvSource({"20, endpoint 20 of dc0 answers", "50, ''"})
    void saysThatItIsThereOnlyWhereItCanReceive(int number, String said) throws Exception {
        KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> () -> { }, Runnable::run,
                (int) ProcessHandle.current().pid());
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (Endpoint self = kernel.bind(0, number, "latencyd", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            if (said.isEmpty()) {
                assertEquals(ErrorCode.BADCALL,
                        assertThrows(IpcException.class, () -> Running.announce(self, stream, "answers")).code());
            } else {
                Running.announce(self, stream, "answers");
            }
        }
        assertEquals(said, out.toString(StandardCharsets.UTF_8).strip());
        kernel.dvsEnd();
    }
}
