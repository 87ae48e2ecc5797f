package org.dvs.itests.faulty;

import java.util.concurrent.CountDownLatch;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.api.request.ValueType;
import org.osgi.service.component.annotations.Component;

/** RQST_FAULT: does what no handler should, as its operand says. */
@Component
public final class FaultyHandler implements RequestHandler {
    private static final RequestSpec SPEC = RequestSpec.named("RQST_FAULT").command("host fault").help("Fails in the way named")
            .parameter(Parameter.of("how", ValueType.TEXT, "what to do").mandatory().oneOf("throw", "hang", "deaf", "flood").asOperand())
            .parameter(Parameter.of("dcid", ValueType.INTEGER, "nothing but what the log then says").range(0, 255))
            .column("number", ValueType.INTEGER, "of the row").column("text", ValueType.TEXT, "a kilobyte of nothing").manyRows().build();
    private static final String KILOBYTE = "x".repeat(1024);

    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public RequestSpec spec() {
        return SPEC;
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException, InterruptedException {
        switch (request.text("how")) {
            case "throw" -> throw new IllegalStateException("secret detail\r\n\u001b[31mof a defect");
            case "hang" -> never.await();
            case "deaf" -> ignoreInterrupts(request);
            default -> {
                for (int row = 0; ; row++) {
                    rows.row(row, KILOBYTE);
                }
            }
        }
        return 0;
    }

    /** Goes on well past the deadline, whatever the dispatcher does about it. */
    private void ignoreInterrupts(Request request) {
        while (request.timeLeft().toMillis() > -2_000) {
            Thread.onSpinWait();
        }
    }
}
