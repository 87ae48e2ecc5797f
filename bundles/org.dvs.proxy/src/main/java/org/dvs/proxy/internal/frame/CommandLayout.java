package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.api.Message;

/** A command's 120 bytes; see {@link FrameLayout}. The payload is not among them. */
final class CommandLayout {
    private CommandLayout() {
    }

    /** @param sendPid whether the pid and the timestamp go with it */
    static void write(Command from, boolean sendPid, ByteBuffer out, int at) {
        int before = out.position();
        out.position(at);
        out.putInt(from.dcid).putInt(from.source).putInt(from.destination).putInt(from.sourceNode).putInt(from.destinationNode)
                .putInt(from.code).putInt(from.rcode).putInt(from.call).putInt(sendPid ? from.pid : EndpointNumbers.NO_PID)
                .putLong(sendPid ? from.timestamp : 0);
        from.message.write(out);
        out.putInt(from.copySource).putInt(from.copyDestination).putInt(from.copyRequester).putInt(from.requesterNode)
                .putInt(from.copyNode).putInt(from.bytes).putLong(from.sourceAddress).putLong(from.destinationAddress);
        out.position(before);
    }

    static void read(ByteBuffer in, int at, Command into) {
        int before = in.position();
        in.position(at);
        into.dcid = in.getInt();
        into.source = in.getInt();
        into.destination = in.getInt();
        into.sourceNode = in.getInt();
        into.destinationNode = in.getInt();
        into.code = in.getInt();
        into.rcode = in.getInt();
        into.call = in.getInt();
        into.pid = in.getInt();
        into.timestamp = in.getLong();
        into.message.read(in);
        into.copySource = in.getInt();
        into.copyDestination = in.getInt();
        into.copyRequester = in.getInt();
        into.requesterNode = in.getInt();
        into.copyNode = in.getInt();
        into.bytes = in.getInt();
        into.sourceAddress = in.getLong();
        into.destinationAddress = in.getLong();
        into.payload = null;
        in.position(before);
    }

    static {
        // 11 ints before and after the message less two, three longs, and the message.
        int bytes = 15 * Integer.BYTES + 3 * Long.BYTES + Message.BYTES;
        if (bytes != FrameLayout.COMMAND_BYTES) {
            throw new IllegalStateException("a command has " + bytes + " bytes");
        }
    }
}
