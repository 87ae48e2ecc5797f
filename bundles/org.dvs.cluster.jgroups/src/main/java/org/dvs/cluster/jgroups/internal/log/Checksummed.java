package org.dvs.cluster.jgroups.internal.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A small file that is replaced as a whole: temporary name, force, rename, force of the folder.
 * <pre>
 *   0  long   magic of the kind of file
 *   8  int    version
 *  12  int    CRC32C of all other bytes
 *  16  long   length of the body
 *  24         body
 * </pre>
 */
final class Checksummed {
    static final int HEADER = 24;

    private static final int VERSION = 1;
    private static final String TEMPORARY = ".tmp";

    private Checksummed() {
    }

    static boolean isTemporary(String name) {
        return name.endsWith(TEMPORARY);
    }

    static void write(Storage storage, String name, long magic, ByteBuffer body) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER).putLong(0, magic).putInt(8, VERSION).putLong(16, body.remaining());
        header.putInt(12, checksum(header, body));
        String temporary = name + TEMPORARY;
        try (Storage.File file = storage.create(temporary)) {
            file.write(0, header);
            file.write(HEADER, body.duplicate());
            file.force();
        }
        storage.rename(temporary, name);
        storage.forceFolder();
    }

    static ByteBuffer read(Storage storage, String name, long magic, int maxBody) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        ByteBuffer body;
        try (Storage.File file = storage.open(name)) {
            file.read(0, header);
            if (header.getLong(0) != magic || header.getInt(8) != VERSION) {
                throw new LogDamagedException(name, 0, "not a file of this kind and version");
            }
            long length = header.getLong(16);
            if (length < 0 || length > maxBody || length != file.size() - HEADER) {
                throw new LogDamagedException(name, 16, "the length does not match the file");
            }
            body = ByteBuffer.allocate((int) length);
            file.read(HEADER, body);
        } catch (EOFException e) {
            throw new LogDamagedException(name, 0, "the file is cut off");
        }
        body.flip();
        if (header.getInt(12) != checksum(header, body)) {
            throw new LogDamagedException(name, 0, "the checksum of the whole file does not match");
        }
        return body;
    }

    private static int checksum(ByteBuffer header, ByteBuffer body) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().limit(12).position(0));
        crc.update(header.duplicate().limit(HEADER).position(16));
        crc.update(body.duplicate());
        return (int) crc.getValue();
    }
}
