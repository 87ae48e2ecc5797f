package org.dvs.testkit;

import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;

/**
 * A command as bytes and back, so that what arrives shares nothing with what was sent:
 *
 * <pre>
 *  0                 60         84        120       124
 *  +-----------------+----------+---------+---------+------------------+
 *  | 15 ints         | 3 longs  | message | length  | payload          |
 *  +-----------------+----------+---------+---------+------------------+
 * </pre>
 *
 * Length is -1 without a payload. For tests: what goes between real nodes is the proxies' affair.
 */
final class WireCopy {
    private static final int HEADER = 15 * Integer.BYTES + 3 * Long.BYTES + Message.BYTES + Integer.BYTES;
    private static final int NO_PAYLOAD = -1;

    private WireCopy() {
    }

    static ByteBuffer write(Command command) {
        int length = command.payload == null ? NO_PAYLOAD : command.payload.remaining();
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + Math.max(0, length));
        bytes.putInt(command.code).putInt(command.dcid).putInt(command.source).putInt(command.destination)
                .putInt(command.sourceNode).putInt(command.destinationNode).putInt(command.rcode).putInt(command.pid)
                .putInt(command.call).putInt(command.copySource).putInt(command.copyDestination).putInt(command.copyRequester)
                .putInt(command.requesterNode).putInt(command.copyNode).putInt(command.bytes)
                .putLong(command.timestamp).putLong(command.sourceAddress).putLong(command.destinationAddress);
        command.message.write(bytes);
        bytes.putInt(length);
        if (length > 0) {
            bytes.put(command.payload.duplicate());
        }
        return bytes.flip();
    }

    static Command read(ByteBuffer bytes) {
        Command command = new Command();
        command.code = bytes.getInt();
        command.dcid = bytes.getInt();
        command.source = bytes.getInt();
        command.destination = bytes.getInt();
        command.sourceNode = bytes.getInt();
        command.destinationNode = bytes.getInt();
        command.rcode = bytes.getInt();
        command.pid = bytes.getInt();
        command.call = bytes.getInt();
        command.copySource = bytes.getInt();
        command.copyDestination = bytes.getInt();
        command.copyRequester = bytes.getInt();
        command.requesterNode = bytes.getInt();
        command.copyNode = bytes.getInt();
        command.bytes = bytes.getInt();
        command.timestamp = bytes.getLong();
        command.sourceAddress = bytes.getLong();
        command.destinationAddress = bytes.getLong();
        command.message.read(bytes);
        int length = bytes.getInt();
        command.payload = length == NO_PAYLOAD ? null : bytes.slice();
        return command;
    }
}
