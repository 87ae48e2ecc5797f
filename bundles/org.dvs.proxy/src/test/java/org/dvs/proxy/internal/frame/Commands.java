package org.dvs.proxy.internal.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;

/** Commands for tests. */
final class Commands {
    private Commands() {
    }

    /** With any values in all fields. */
    static Command any(Random random, int code, int payload) {
        Command command = new Command();
        command.code = code;
        command.dcid = random.nextInt();
        command.source = random.nextInt();
        command.destination = random.nextInt();
        command.sourceNode = random.nextInt();
        command.destinationNode = random.nextInt();
        command.rcode = random.nextInt();
        command.pid = random.nextInt();
        command.timestamp = random.nextLong();
        command.call = random.nextInt();
        byte[] message = new byte[Message.BYTES];
        random.nextBytes(message);
        command.message.read(ByteBuffer.wrap(message).order(ByteOrder.BIG_ENDIAN));
        command.copySource = random.nextInt();
        command.copyDestination = random.nextInt();
        command.copyRequester = random.nextInt();
        command.requesterNode = random.nextInt();
        command.copyNode = random.nextInt();
        command.sourceAddress = random.nextLong();
        command.destinationAddress = random.nextLong();
        command.bytes = random.nextInt();
        command.payload = payload < 0 ? null : bytes(random, payload);
        return command;
    }

    /** One that has much in common with another one, as the next in a frame has. */
    static Command like(Random random, Command other) {
        Command command = new Command().set(other);
        Command fresh = any(random, command.code, -1);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            switch (random.nextInt(16)) {
                case 0 -> command.dcid = fresh.dcid;
                case 1 -> command.source = fresh.source;
                case 2 -> command.destination = fresh.destination;
                case 3 -> command.sourceNode = fresh.sourceNode;
                case 4 -> command.destinationNode = fresh.destinationNode;
                case 5 -> command.code = Command.SEND_ACK;
                case 6 -> command.rcode = fresh.rcode;
                case 7 -> command.pid = fresh.pid;
                case 8 -> command.timestamp = fresh.timestamp;
                case 9 -> command.call = fresh.call;
                case 10 -> command.message.type(fresh.message.type());
                case 11 -> command.message.source(random.nextBoolean() ? command.source : fresh.source);
                case 12 -> command.message.putInt(4 * random.nextInt(7), random.nextInt());
                case 13 -> command.message.set(fresh.message);
                case 14 -> command.copyNode = fresh.copyNode;
                default -> command.destinationAddress = fresh.destinationAddress;
            }
        }
        return command;
    }

    /** Half of them compress well. */
    static ByteBuffer bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) "the quick brown fox ".charAt(i % 20);
            }
        }
        ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocateDirect(length + 8) : ByteBuffer.allocate(length + 8);
        buffer.put(3, bytes);
        return buffer.position(3).limit(3 + length);
    }

    static void same(Command expected, Command actual, boolean withPid) {
        Command wanted = new Command().set(expected);
        if (!withPid) {
            wanted.pid = -1;
            wanted.timestamp = 0;
        }
        assertEquals(bytes(wanted), bytes(actual));
        assertEquals(wanted.payload, actual.payload);
    }

    private static ByteBuffer bytes(Command command) {
        ByteBuffer bytes = ByteBuffer.allocate(FrameLayout.COMMAND_BYTES);
        CommandLayout.write(command, true, bytes, 0);
        return bytes;
    }
}
