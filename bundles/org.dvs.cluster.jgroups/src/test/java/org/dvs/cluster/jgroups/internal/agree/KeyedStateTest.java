package org.dvs.cluster.jgroups.internal.agree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.cluster.api.Change;
import org.junit.jupiter.api.Test;

/** The agreed map … */
class KeyedStateTest {
    private static final Commands.Origin ORIGIN = new Commands.Origin(1, 2);

    private final KeyedState state = new KeyedState();

    private static byte[] command(Change... changes) throws DvsException {
        List<byte[]> encoded = new ArrayList<>();
        for (Change change : changes) {
            encoded.add(Commands.encode(change));
        }
        return Commands.encode(ORIGIN, 7, encoded);
    }

    private KeyedState.Applied apply(Change... changes) throws DvsException {
        byte[] command = command(changes);
        return state.apply(command, 0, command.length).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void changesAllOrNothingAndCountsVersions() throws Exception {
        KeyedState.Applied first = apply(new Change().expectAbsent("a").put("a", bytes("1")).put("b", bytes("2")));
        assertEquals(ORIGIN, first.origin());
        assertEquals(7, first.number());
        assertEquals(1, first.outcomes().get(0).version());
        assertEquals(List.of("a", "b"), first.events().stream().map(KeyedState.Event::key).toList());

        KeyedState.Applied second = apply(new Change().expectAbsent("a").put("c", bytes("3")),
                new Change().expect("b", 1).remove("b").remove("nothing"));
        assertEquals(ErrorCode.CONFLICT, second.outcomes().get(0).code());
        assertEquals("a has version 1, not 0", second.outcomes().get(0).detail());
        assertEquals(2, second.outcomes().get(1).version());
        assertEquals(1, second.events().size(), "removing what is not there is no event");
        assertNull(state.contents().get("b"));
        assertNull(state.contents().get("c"));
        assertEquals(1, state.contents().get("a").version());
    }

    @Test
    void survivesASnapshotWithItsVersions() throws Exception {
        for (int i = 0; i < 300; i++) {
            apply(new Change().put("key/ä/" + i % 200, new byte[i]));
        }
        KeyedState restored = KeyedState.restore(state.snapshot());
        assertEquals(200, restored.contents().size());
        restored.contents().forEach("", (key, value) -> {
            assertEquals(state.contents().get(key).version(), value.version());
            assertArrayEquals(state.contents().get(key).bytes(), value.bytes());
        });
        assertEquals(state.snapshot(), restored.snapshot(), "the same bytes on all nodes");
        byte[] next = command(new Change().put("next", new byte[1]));
        assertEquals(301, restored.apply(next, 0, next.length).orElseThrow().outcomes().get(0).version());
    }

    @Test
    void refusesASnapshotWithAFlippedBitOrCutOff() throws Exception {
        apply(new Change().put("key", bytes("value")).put("other", bytes("x")));
        byte[] whole = new byte[state.snapshot().remaining()];
        state.snapshot().get(whole);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            assertEquals(ErrorCode.LOGDAMAGED,
                    assertThrows(DvsException.class, () -> KeyedState.restore(ByteBuffer.wrap(flipped))).code());
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, at);
            assertThrows(DvsException.class, () -> KeyedState.restore(cut));
        }
    }

    @Test
    void hasTheseBytesForACommand() throws Exception {
        byte[] command = command(new Change().expect("k", 5).put("v", new byte[] {9}).remove("r"));
        assertEquals("01" + "0000000000000001" + "0000000000000002" + "0000000000000007" + "00000001"
                + "00000001" + "00016b" + "0000000000000005"
                + "00000002" + "000176" + "00000001" + "09" + "000172" + "ffffffff", HexFormat.of().formatHex(command));
    }

    @Test
    void takesAnyBytesForACommandThatChangesNothingOrForOneThatIsWhole() throws Exception {
        long seed = Long.getLong("dvs.seed", System.nanoTime());
        System.out.println("KeyedStateTest seed " + seed);
        Random random = new Random(seed);
        byte[] good = command(new Change().expectAbsent("key").put("key", bytes("value")).remove("gone"));
        for (int cut = 0; cut < good.length; cut++) {
            assertTrue(state.apply(good, 0, cut).isEmpty(), "cut at " + cut);
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertTrue(state.apply(longer, 0, longer.length).isEmpty());
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = random.nextBoolean() ? good.clone() : new byte[random.nextInt(80)];
            if (bytes.length == good.length) {
                for (int flips = random.nextInt(4); flips >= 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            } else {
                random.nextBytes(bytes);
            }
            KeyedState one = new KeyedState();
            KeyedState other = new KeyedState();
            assertEquals(one.apply(bytes, 0, bytes.length).isPresent(), other.apply(bytes, 0, bytes.length).isPresent());
            assertEquals(one.snapshot(), other.snapshot());
        }
        assertEquals(0, state.contents().size());
    }

    @Test
    void refusesWhatIsTooLargeBeforeItIsProposed() {
        assertEquals(ErrorCode.TOOBIG, code(new Change().put("k".repeat(257), new byte[0])));
        assertEquals(ErrorCode.INVAL, code(new Change().put("", new byte[0])));
        assertEquals(ErrorCode.INVAL, code(new Change().put("\ud800", new byte[0])));
        assertEquals(ErrorCode.TOOBIG, code(new Change().put("k", new byte[Limits.VALUE_BYTES + 1])));
        assertEquals(ErrorCode.TOOBIG, code(new Change().put("a", new byte[Limits.VALUE_BYTES]).put("b",
                new byte[Limits.VALUE_BYTES])));
        Change many = new Change();
        for (int i = 0; i <= Limits.CHANGE_KEYS; i++) {
            many.remove("k" + i);
        }
        assertEquals(ErrorCode.TOOBIG, code(many));
    }

    private static ErrorCode code(Change change) {
        return assertThrows(DvsException.class, () -> Commands.encode(change)).code();
    }

    @Test
    void refusesToGrowBeyondItsLimitAndCanStillShrink() throws Exception {
        byte[] large = new byte[Limits.VALUE_BYTES];
        int fits = (int) (Limits.STATE_BYTES / Limits.VALUE_BYTES) - 1;
        for (int i = 0; i < fits; i++) {
            assertNull(apply(new Change().put("k" + i, large)).outcomes().get(0).code());
        }
        apply(new Change().put("last", large));
        KeyedState.Outcome over = apply(new Change().put("over", large)).outcomes().get(0);
        assertEquals(ErrorCode.TOOBIG, over.code());
        assertNull(apply(new Change().remove("k0").remove("k1")).outcomes().get(0).code());
        assertNull(apply(new Change().put("over", large)).outcomes().get(0).code());
    }
}
