package org.dvs.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;

import org.dvs.kernel.api.Command;
import org.dvs.kernel.api.Message;
import org.junit.jupiter.api.Test;

class WireCopyTest {

    /** Every field that a command has or will have, each with a value of its own. */
    private static Command filled() throws IllegalAccessException {
        Command command = new Command();
        int value = 1000;
        for (Field field : Command.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            if (field.getType() == int.class) {
                field.setInt(command, value++);
            } else if (field.getType() == long.class) {
                field.setLong(command, (1L << 40) + value++);
            }
        }
        command.message.source(7).type(8).putLong(Message.M6_CA1, 0x0102030405060708L);
        return command;
    }

    @Test
    void carriesEveryFieldOfACommand() throws IllegalAccessException {
        Command sent = filled();
        Command arrived = WireCopy.read(WireCopy.write(sent));
        for (Field field : Command.class.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                assertEquals(field.get(sent), field.get(arrived), field.getName());
            }
        }
        assertNull(arrived.payload);
    }

    @Test
    void carriesThePayloadBetweenPositionAndLimitAsACopy() throws IllegalAccessException {
        byte[] data = {0, 1, 2, 3, 4};
        Command sent = filled();
        sent.payload = ByteBuffer.wrap(data).position(1).limit(4);
        ByteBuffer bytes = WireCopy.write(sent);
        data[2] = 99;
        Command arrived = WireCopy.read(bytes);
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2, 3}), arrived.payload);
        assertEquals(3, sent.payload.remaining());
        sent.payload = ByteBuffer.allocate(0);
        assertNotNull(WireCopy.read(WireCopy.write(sent)).payload);
    }
}
