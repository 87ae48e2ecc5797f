package org.dvs.kernel.examples;

import static org.dvs.kernel.api.Endpoint.FOREVER;
import static org.dvs.kernel.api.EndpointNumbers.SELF;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;
import org.osgi.service.component.annotations.Component;

// docs
/**
 * Adds up the bytes of blocks that its clients have exposed: M1_P1 is the address, M1_I1 the length; the sum comes back in M1_I2.
 */
@Component(property = {DvsProgram.DCID + ":Integer=0", DvsProgram.ENDPOINT + ":Integer=20"})
public final class Summer implements DvsProgram {
    @Override
    public void run(Endpoint self) throws IpcException {
        ByteBuffer block = ByteBuffer.allocateDirect(65_536);
        long mine = self.memory().expose(block);
        Message message = new Message();
        while (true) {
            self.rcvrqst(message, FOREVER);
            int client = message.source();
            int length = message.getInt(Message.M1_I1);
            int sum = 0;
            try {
                self.vcopy(client, message.getPointer(Message.M1_P1), SELF, mine, length);
                for (int i = 0; i < length; i++) {
                    sum += block.get(i);
                }
                message.type(0).putInt(Message.M1_I2, sum);
            } catch (IpcException e) {
                message.type(e.rcode());
            }
            answer(self, client, message);
        }
    }

    /** A client that is gone, or cannot be reached, is no reason to end. */
    private static void answer(Endpoint self, int client, Message message) throws IpcException {
        try {
            self.reply(client, message, FOREVER);
        } catch (IpcException e) {
            if (e.endsProgram()) {
                throw e;
            }
        }
    }
}
// end
