package org.dvs.sample.program;

import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.osgi.service.component.annotations.Component;

/** Answers each request with what it says. A program with a thread of its own: it ends when its service goes. */
@Component(property = {DvsProgram.DCID + ":Integer=2", DvsProgram.ENDPOINT + ":Integer=10"})
public final class Echo implements DvsProgram {
    @Override
    public void run(Endpoint self) throws Exception {
        Message message = new Message();
        while (true) {
            self.rcvrqst(message, Endpoint.FOREVER);
            answer(self, message);
        }
    }

    private static void answer(Endpoint self, Message message) throws IpcException {
        try {
            self.reply(message.source(), message, Endpoint.FOREVER);
        } catch (IpcException e) {
            if (e.endsProgram()) {
                throw e;
            }
        }
    }
}
