import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/** Holds a block of memory, tells whoever asks where it is, and waits while they copy it. */
class Holder {
    public static void main(String[] arguments) throws Exception {
        ByteBuffer block = ByteBuffer.allocateDirect(64 * 1024);
        block.put("a block from process ".concat(Long.toString(ProcessHandle.current().pid())).getBytes(StandardCharsets.UTF_8)).clear();
        try (Endpoint self = DvsClient.at(Path.of(arguments[0])).bind(0, 10, "holder")) {
            long address = self.memory().expose(block);
            System.out.println("holder is endpoint " + self.number());
            Message message = new Message();
            self.receive(EndpointNumbers.ANY, message, 60_000);
            System.out.println("asked by " + message.source() + ": " + message.getText(Message.M3_CA1, Message.M3_CA1_BYTES));
            // Memory may be copied while its program waits: it answers and waits in one step, until told that the block is copied.
            message.type(2).putPointer(Message.M1_P1, address).putInt(Message.M1_I1, block.capacity());
            self.sendrec(message.source(), message, 60_000);
            System.out.println("done");
        }
    }
}
