package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What two proxies tell each other first. The frame around it has magic and version.
 *
 * <pre>
 *   0      4             12        20        24       28        36         44           52        56          60   61
 *   +------+-------------+---------+---------+--------+---------+----------+------------+---------+-----------+----+------+
 *   | node | incarnation | attempt | maxData | options| knows   |  sent    |  received  | version | heartbeat | n  | name |
 *   +------+-------------+---------+---------+--------+---------+----------+------------+---------+-----------+----+------+
 * </pre>
 *
 * @param node        id of who says this, 0 or more
 * @param name        of that node, at most 255 bytes of UTF-8, for people
 * @param incarnation of its pair: another one has another, never 0
 * @param attempt     grows with each connection that this pair tries; of a WELCOME its newest. An older one is given up
 * @param maxData     most bytes of a copy that it takes in one frame, 1 or more
 * @param options     its settings
 * @param knows       the peer's incarnation that {@code sent} and {@code received} are about; 0 for none
 * @param sent        command frames sent to the peer so far
 * @param received    command frames of the peer that were handed to the kernel
 * @param version     newest version of frames that it reads, {@link FrameLayout#VERSION} or more. Who knows no other one than the
 *                    first says 0, as the upper half of 8 bytes of heartbeat, and does nothing with what others say there
 * @param heartbeatMs how often it says that it is there, and must hear that the peer is, 1 or more
 */
public record Hello(int node, String name, long incarnation, long attempt, int maxData, Options options, long knows, long sent,
                    long received, int version, int heartbeatMs) {
    /** Longest body. */
    public static final int MAX_BYTES = 61 + 255;
    private static final int AT_NAME = 61;
    private static final int MAX_NAME = 255;

    /** Writes the body. @return its length */
    public int write(ByteBuffer out, int at) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_NAME);
        int before = out.position();
        out.position(at);
        out.putInt(node).putLong(incarnation).putLong(attempt).putInt(maxData).putInt(options.bits()).putLong(knows).putLong(sent)
                .putLong(received).putInt(version).putInt(heartbeatMs).put((byte) length).put(text, 0, length);
        out.position(before);
        return AT_NAME + length;
    }

    /** Of the body that is there, as far as it says so: 0 if its end is behind the frame's. */
    public static int length(ByteBuffer frame, int at) {
        int length = frame.limit() < at + AT_NAME ? 0 : AT_NAME + Byte.toUnsignedInt(frame.get(at + AT_NAME - 1));
        return frame.limit() < at + length ? 0 : length;
    }

    /** @return null if something in it cannot be */
    public static Hello read(ByteBuffer frame, int at, int length) {
        if (length < AT_NAME || length != AT_NAME + Byte.toUnsignedInt(frame.get(at + AT_NAME - 1))) {
            return null;
        }
        ByteBuffer in = frame.slice(at, length);
        try {
            Hello hello = new Hello(in.getInt(), name(in), in.getLong(), in.getLong(), in.getInt(), Options.of(in.getInt()),
                    in.getLong(), in.getLong(), in.getLong(), version(in.getInt()), in.getInt());
            boolean sound = hello.node >= 0 && hello.incarnation != 0 && hello.attempt >= 0 && hello.maxData > 0
                    && hello.sent >= 0 && hello.received >= 0 && hello.version > 0
                    && hello.heartbeatMs > 0;
            return sound ? hello : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int version(int said) {
        return said == 0 ? FrameLayout.VERSION : said;
    }

    private static String name(ByteBuffer in) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(in.slice(AT_NAME, in.limit() - AT_NAME)).toString();
    }
}
