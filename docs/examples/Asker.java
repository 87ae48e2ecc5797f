import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/** Asks the holder for its block, copies it out of the other process, and says that it has it. */
class Asker {
    public static void main(String[] arguments) throws Exception {
        ByteBuffer copy = ByteBuffer.allocateDirect(64 * 1024);
        try (Endpoint self = DvsClient.at(Path.of(arguments[0])).bind(0, 11, "asker")) {
            self.wait4bind(10, 30_000);
            Message message = new Message(1).putText(Message.M3_CA1, Message.M3_CA1_BYTES, "your block?");
            self.sendrec(10, message, 10_000);
            int bytes = message.getInt(Message.M1_I1);
            long address = message.getPointer(Message.M1_P1);
            int copied = self.vcopy(10, address, EndpointNumbers.SELF, self.memory().expose(copy), bytes);
            byte[] text = new byte[32];
            copy.get(text);
            System.out.println("copied " + copied + " bytes: " + new String(text, StandardCharsets.UTF_8).trim());
            self.send(10, message.type(3), 10_000);
        }
    }
}
