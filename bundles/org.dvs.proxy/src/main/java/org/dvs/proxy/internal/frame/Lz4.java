package org.dvs.proxy.internal.frame;

import java.nio.ByteBuffer;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * One block of LZ4, without the library's own headers: lengths stand in the frame's header, where they are bounded and verified
 * before anything is unpacked. Not thread-safe.
 */
final class Lz4 {
    private static final LZ4Factory FACTORY = NativeCode.preferred(LZ4Factory::nativeInstance, LZ4Factory::safeInstance);
    private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
    /** The one that is told both lengths: whatever comes from a network, it reads and writes within them. */
    private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

    /** Most bytes that compression gives. */
    static int most(int raw) {
        return COMPRESSOR.maxCompressedLength(raw);
    }

    /** @return bytes written, perhaps no fewer than there were: then they are of no use. {@code out} needs {@link #most} */
    int compress(ByteBuffer bytes, int from, int length, ByteBuffer out, int at) {
        return length == 0 ? 0 : COMPRESSOR.compress(bytes, from, length, out, at, out.limit() - at);
    }

    /** @return whether it gave exactly {@code raw} bytes, written to {@code out} from 0; never more than that is written */
    boolean decompress(ByteBuffer bytes, int from, int length, ByteBuffer out, int raw) {
        try {
            return DECOMPRESSOR.decompress(bytes, from, length, out, 0, raw) == raw;
        } catch (LZ4Exception e) {
            return false;
        }
    }
}
