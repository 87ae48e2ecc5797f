import java.nio.file.Path;

import org.dvs.api.ErrorCode;
import org.dvs.client.DvsClient;
import org.dvs.kernel.api.Endpoint;
import org.dvs.kernel.api.IpcException;
import org.dvs.kernel.api.Message;

/** Waits until an operator binds it, and answers requests with its process id: as a process, or as the stand-by of one elsewhere. */
class Moving {
    public static void main(String[] arguments) throws Exception {
        try (Endpoint self = DvsClient.at(Path.of(arguments[0])).wait4bind("moving", Endpoint.FOREVER)) {
            System.out.println("bound as endpoint " + self.number());
            int pid = Math.toIntExact(ProcessHandle.current().pid());
            Message message = new Message();
            while (await(self, message)) {
                answer(self, message.putInt(Message.M1_I2, pid));
            }
        }
    }

    /** A client that is gone, or cannot be reached, is no reason to end; what is one the next call says as well. */
    private static void answer(Endpoint self, Message message) {
        try {
            self.reply(message.source(), message, 10_000);
        } catch (IpcException e) {
            System.out.println("not answered: " + e.getMessage());
        }
    }

    /** A stand-by is held in its call until it takes over; twice a minute it hears that it still stands by. */
    private static boolean await(Endpoint self, Message message) throws IpcException {
        while (true) {
            try {
                self.rcvrqst(message, Endpoint.FOREVER);
                return true;
            } catch (IpcException e) {
                if (e.code() != ErrorCode.RMTPROC) {
                    System.out.println("ended: " + e.getMessage());
                    return false;
                }
            }
        }
    }
}
