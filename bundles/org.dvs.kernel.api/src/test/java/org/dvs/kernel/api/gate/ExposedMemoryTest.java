package org.dvs.kernel.api.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-CMD-14")
class ExposedMemoryTest {
    private static final int FAULT = -14;
    private static final int BLOCK = 64 << 10;
    private static final long PAGE = 4096;
    private static final int GIB = 1 << 30;
    private static final long END = 1L << 32;
    private static final int ROUNDS = 2_000;
    private static final long WAIT_S = 60;

    @TempDir
    Path folder;
    private final ExposedMemory memory = new ExposedMemory();

    @Test
    void findsWhatLiesWithinOneBufferAndNothingElse() {
        ByteBuffer first = ByteBuffer.allocate(100);
        long one = memory.expose(first);
        long two = memory.expose(ByteBuffer.allocate(5_000).position(10).limit(4_010));
        first.put(99, (byte) 7);
        assertEquals(7, memory.at(one + 99, 1).get());
        assertEquals(4_000, memory.at(two, 4_000).remaining());
        assertEquals(0, memory.at(one + 100, 0).remaining());
        assertNull(memory.at(one + 99, 2));
        assertNull(memory.at(two - 1, 1));
        assertNull(memory.at(two, 4_001));
        assertNull(memory.at(one - 1, 1));
        assertNull(memory.at(Long.MAX_VALUE, Integer.MAX_VALUE));
        assertNull(memory.at(Long.MIN_VALUE, 1));
    }

    @Test
    void whatWasWithdrawnIsReachedNoMoreAndTheRestStays() {
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            addresses.add(memory.expose(ByteBuffer.allocate(1 + i * 100)));
        }
        for (int i = 0; i < 100; i += 2) {
            memory.withdraw(addresses.get(i) + 1);
            memory.withdraw(addresses.get(i));
            memory.withdraw(addresses.get(i));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(i % 2 == 0, memory.at(addresses.get(i), 1 + i * 100) == null, "buffer " + i);
        }
        assertTrue(memory.expose(ByteBuffer.allocate(1)) > addresses.get(99) + 1 + 99 * 100);
    }

    /** A GiB that takes no memory. */
    private ByteBuffer huge() throws IOException {
        try (FileChannel file = FileChannel.open(folder.resolve("huge"), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return file.map(FileChannel.MapMode.READ_WRITE, 0, GIB);
        }
    }

    @Test
    void addressesFitIntoAMessageHoweverManyBuffersComeAndGo() throws IOException {
        ByteBuffer huge = huge();
        long last = 0;
        for (int i = 0; i < 20; i++) {
            long address = memory.expose(huge);
            assertTrue(address > 0 && address + GIB <= END, "at " + address);
            assertNotEquals(last, address, "used again while others were free");
            memory.withdraw(address);
            last = address;
        }
    }

    @Test
    void whatIsTakenIsPassedOverWhereAddressesAreUsedAgain() throws IOException {
        ByteBuffer huge = huge();
        ByteBuffer page = ByteBuffer.allocate((int) PAGE);
        long[] low = new long[8];
        for (int i = 0; i < low.length; i++) {
            low[i] = memory.expose(page);
        }
        long[] high = {memory.expose(huge), memory.expose(huge), memory.expose(huge)};
        memory.withdraw(low[1]);
        memory.withdraw(low[3]);
        memory.withdraw(low[4]);
        memory.withdraw(high[0]);
        memory.withdraw(high[1]);
        long rest = memory.expose(huge.slice(0, (int) (END - high[2] - GIB - 4 * PAGE)));
        assertEquals(high[2] + GIB + PAGE, rest, "what was given back is not used while there is something else");
        assertEquals(low[3], memory.expose(ByteBuffer.allocate((int) (3 * PAGE))), "the first gap of 4 pages");
        assertEquals(low[7] + 2 * PAGE, memory.expose(page), "the next one behind it");
        long third = memory.expose(huge);
        assertEquals(low[7] + 4 * PAGE, third);
        assertEquals(END, memory.expose(huge), "more than fits into 32 bits");
        assertEquals(third + GIB + PAGE, memory.expose(page));
        byte[] written = {1, 2, 3};
        for (long address : new long[] {low[0], low[3], third, rest, END}) {
            assertEquals(0, memory.write(address, ByteBuffer.wrap(written), FAULT));
            assertEquals(ByteBuffer.wrap(written), memory.at(address, 3));
        }
        assertNull(memory.at(low[1], 1));
    }

    @Test
    void writesAndCopiesOnlyWhereAllOfItMayBeWritten() {
        ByteBuffer mine = ByteBuffer.allocate(16);
        long to = memory.expose(mine);
        long readOnly = memory.expose(ByteBuffer.allocate(16).asReadOnlyBuffer());
        ExposedMemory other = new ExposedMemory();
        long from = other.expose(ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, 5, 6, 7}));
        assertEquals(0, memory.write(to + 14, ByteBuffer.wrap(new byte[] {9, 8, 7, 6}, 1, 2), FAULT));
        assertEquals(8, mine.get(14));
        assertEquals(7, mine.get(15));
        assertEquals(FAULT, memory.write(to + 15, ByteBuffer.wrap(new byte[2]), FAULT));
        assertEquals(FAULT, memory.write(readOnly, ByteBuffer.wrap(new byte[2]), FAULT));
        assertEquals(0, ExposedMemory.copy(other, from + 4, memory, to, 4, FAULT));
        assertEquals(ByteBuffer.wrap(new byte[] {4, 5, 6, 7, 0}), mine.slice(0, 5));
        assertEquals(FAULT, ExposedMemory.copy(other, from + 5, memory, to, 4, FAULT));
        assertEquals(FAULT, ExposedMemory.copy(other, from, memory, to + 9, 8, FAULT));
        assertEquals(FAULT, ExposedMemory.copy(other, from, memory, readOnly, 8, FAULT));
        assertEquals(7, mine.get(15), "what was refused wrote nothing");
    }

    @Test
    void aBufferThatIsWithdrawnWhileItIsCopiedToIsUntouchedAfterwards() throws Exception {
        ExposedMemory other = new ExposedMemory();
        long theirs = other.expose(ByteBuffer.wrap(ones(BLOCK)));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < ROUNDS; i++) {
                ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
                long address = memory.expose(buffer);
                Future<Integer> copies = threads.submit(() -> {
                    int done = 0;
                    while (ExposedMemory.copy(other, theirs, memory, address, BLOCK, FAULT) == 0) {
                        done++;
                    }
                    return done;
                });
                while (i % 2 == 0 && buffer.get(BLOCK - 1) == 0) {
                    // A plain read: with nothing in between that a compiler does not know, it might be done once for all.
                    Thread.yield();
                }
                memory.withdraw(address);
                buffer.clear().put(new byte[BLOCK]);
                copies.get(WAIT_S, TimeUnit.SECONDS);
                assertEquals(ByteBuffer.allocate(BLOCK), buffer.clear(), "round " + i);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void copiesCrosswiseWhileBuffersComeAndGoWaitForNobody() throws Exception {
        ExposedMemory other = new ExposedMemory();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> hither = threads.submit(() -> copies(other, memory));
            Future<Integer> thither = threads.submit(() -> copies(memory, other));
            assertEquals(ROUNDS, hither.get(WAIT_S, TimeUnit.SECONDS));
            assertEquals(ROUNDS, thither.get(WAIT_S, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }

    private static int copies(ExposedMemory source, ExposedMemory destination) {
        int done = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long from = source.expose(ByteBuffer.allocate(BLOCK));
            long to = destination.expose(ByteBuffer.allocate(BLOCK));
            done += ExposedMemory.copy(source, from, destination, to, BLOCK, FAULT) == 0 ? 1 : 0;
            source.withdraw(from);
            destination.withdraw(to);
        }
        return done;
    }

    private static byte[] ones(int length) {
        byte[] ones = new byte[length];
        Arrays.fill(ones, (byte) 1);
        return ones;
    }
}
