package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/** Sums over bytes of a buffer. Not thread-safe; allocates nothing for each. */
final class Digester {
    private static final XXHash64 XXHASH =
            NativeCode.preferred(XXHashFactory::nativeInstance, XXHashFactory::safeInstance).hash64();
    private static final long SEED = 0;

    private final CRC32C crc = new CRC32C();
    private final MessageDigest md5;
    private final byte[] sum = new byte[DigestKind.MD5.bytes()];

    Digester() {
        try {
            md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** CRC32C of two ranges, one behind the other. Position and limit of the buffer are kept. */
    int check(ByteBuffer bytes, int from, int to, int from2, int to2) {
        crc.reset();
        update(bytes, from, to);
        update(bytes, from2, to2);
        return (int) crc.getValue();
    }

    private void update(ByteBuffer bytes, int from, int to) {
        int position = bytes.position();
        int limit = bytes.limit();
        crc.update(bytes.limit(to).position(from));
        bytes.limit(limit).position(position);
    }

    /** Writes the digest of {@code length} bytes at {@code from} to {@code out} at {@code at}. */
    void write(DigestKind kind, ByteBuffer bytes, int from, int length, ByteBuffer out, int at) {
        switch (kind) {
            case CRC32C -> out.putInt(at, check(bytes, from, from + length, from, from));
            case XXHASH64 -> out.putLong(at, XXHASH.hash(bytes, from, length, SEED));
            case MD5 -> {
                md5(bytes, from, length);
                out.put(at, sum, 0, sum.length);
            }
            default -> { }
        }
    }

    /** Whether the digest that lies in {@code in} at {@code at} is that of the bytes. */
    boolean matches(DigestKind kind, ByteBuffer bytes, int from, int length, ByteBuffer in, int at) {
        return switch (kind) {
            case NONE -> true;
            case CRC32C -> in.getInt(at) == check(bytes, from, from + length, from, from);
            case XXHASH64 -> in.getLong(at) == XXHASH.hash(bytes, from, length, SEED);
            case MD5 -> {
                md5(bytes, from, length);
                boolean equal = true;
                for (int i = 0; i < sum.length; i++) {
                    equal &= in.get(at + i) == sum[i];
                }
                yield equal;
            }
        };
    }

    private void md5(ByteBuffer bytes, int from, int length) {
        int position = bytes.position();
        int limit = bytes.limit();
        md5.reset();
        md5.update(bytes.limit(from + length).position(from));
        bytes.limit(limit).position(position);
        try {
            md5.digest(sum, 0, sum.length);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
    }
}
