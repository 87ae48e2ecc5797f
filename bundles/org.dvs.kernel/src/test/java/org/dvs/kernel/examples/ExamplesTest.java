package org.dvs.kernel.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that the bundle's page shows do what it says, and are those that it shows. */
@Tag("R-CMD-14")
@Timeout(60)
class ExamplesTest {
    private static final Path PAGE = Path.of("../../docs/bundles/org.dvs.kernel.md");
    private static final Path SOURCES = Path.of("src/test/java/org/dvs/kernel/examples");
    private static final long LIMIT_MS = 10_000;

    @ParameterizedTest
    @ValueSource(strings = {"Summer", "Counter"})
    void areThoseOfThePage(String name) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        String shown = source.substring(source.indexOf("// docs\n") + "// docs\n".length(), source.indexOf("// end"));
        assertTrue(Files.readString(PAGE).contains("```java\n" + shown + "```"), () -> PAGE + " does not show\n" + shown);
    }

    @Test
    void answerTheirClients() throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        KernelCore kernel = new KernelCore(System::currentTimeMillis, (ms, task) -> {
            var due = threads.schedule(task, ms, TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        }, threads, (int) ProcessHandle.current().pid());
        kernel.dvsInit(0, "node0", DvsParameters.DEFAULT);
        kernel.dcInit(DcSettings.of(0, "dc0", DvsParameters.DEFAULT));
        Endpoint summer = kernel.bind(0, 20, "Summer", BindKind.SELF, EndpointNumbers.LOCALNODE);
        Thread program = new Thread(() -> {
            try {
                new Summer().run(summer);
            } catch (Exception e) {
                summer.close();
            }
        });
        program.start();
        kernel.bindHandler(0, 21, "Counter", new Counter());
        try (Endpoint self = kernel.bind(0, 100, "client", BindKind.SELF, EndpointNumbers.LOCALNODE)) {
            long address = self.memory().expose(ByteBuffer.wrap("sum".getBytes(StandardCharsets.US_ASCII)));
            Message message = new Message().putPointer(Message.M1_P1, address).putInt(Message.M1_I1, 3);
            self.sendrec(20, message, LIMIT_MS);
            assertEquals('s' + 'u' + 'm', message.getInt(Message.M1_I2));
            self.sendrec(20, message.putInt(Message.M1_I1, 4), LIMIT_MS);
            assertEquals(ErrorCode.FAULT.rcode(), message.type());
            for (int i = 1; i <= 3; i++) {
                self.sendrec(21, message, LIMIT_MS);
                assertEquals(i, message.getInt(Message.M1_I1));
            }
        } finally {
            summer.close();
            program.join(LIMIT_MS);
            threads.shutdownNow();
        }
        assertFalse(program.isAlive());
    }
}
