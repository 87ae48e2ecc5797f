package org.dvs.sample.program;

import org.dvs.kernel.api.AsyncEndpoint;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Message;
import org.osgi.service.component.annotations.Component;

/** Answers each request with twice its number. A program without a thread: it is called with each message. */
@Component(property = {DvsProgram.DCID + ":Integer=2", DvsProgram.ENDPOINT + ":Integer=11", DvsProgram.NAME + "=doubler"})
public final class Doubler implements DvsHandler {
    @Override
    public void message(Message message, AsyncEndpoint self) {
        self.reply(message.source(), message.putInt(Message.M1_I1, 2 * message.getInt(Message.M1_I1)));
    }
}
