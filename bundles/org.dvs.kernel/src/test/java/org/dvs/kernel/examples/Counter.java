package org.dvs.kernel.examples;

import java.util.concurrent.atomic.AtomicInteger;

import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.Message;
import org.osgi.service.component.annotations.Component;

// docs
/** Counts its requests. */
@Component(property = {DvsProgram.DCID + ":Integer=0", DvsProgram.ENDPOINT + ":Integer=21"})
public final class Counter implements DvsHandler {
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public void message(Message message, AsyncEndpoint self) {
        Message answer = new Message().putInt(Message.M1_I1, requests.incrementAndGet());
        int client = message.source();
        if (self.reply(client, answer) == ErrorCode.RMTPROC.rcode()) {
            // On another node: that takes time, so it is begun; the next message comes when it has ended.
            self.reply(client, answer, Endpoint.FOREVER, rcode -> { });
        }
    }
}
// end
