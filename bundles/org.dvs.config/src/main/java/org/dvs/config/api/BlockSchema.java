package org.dvs.config.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.dvs.api.ErrorCode;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a family of block files may hold: kinds of blocks, their keys, and checks across blocks. A capability that reads block
 * files describes them by one of these; {@code dvs config check} finds it through {@link java.util.ServiceLoader}, so its class
 * is named in {@code META-INF/services/org.dvs.config.api.BlockSchema}.
 *
 * <p>Source: dsp-lb reference 2 and 3. Implementations are immutable.
 */
@ConsumerType
public interface BlockSchema {

    /** For people, e.g. {@code load balancer}. */
    String name();

    List<Kind> kinds();

    /** Called only for a file whose blocks are all well-formed by {@link #kinds}. */
    default List<CrossCheck> checks() {
        return List.of();
    }

    /**
     * A kind of block.
     *
     * @param name  case counts
     * @param least blocks of this kind a file must have
     * @param most  blocks it may have
     * @param keys  it takes
     */
    record Kind(String name, int least, int most, List<Key> keys) {

        public Kind {
            keys = List.copyOf(keys);
        }

        public Optional<Key> key(String key) {
            return keys.stream().filter(each -> each.name().equals(key)).findFirst();
        }
    }

    /**
     * A key of a kind.
     *
     * @param name     case counts
     * @param number   true if the value is a whole number
     * @param required true if a block without it is refused
     * @param min      least number, or least length
     * @param max      greatest
     * @param options  the only words taken, case does not count; empty for any
     */
    record Key(String name, boolean number, boolean required, long min, long max, List<String> options) {

        public Key {
            options = List.copyOf(options);
        }

        /** Whole numbers from {@code min} to {@code max}. */
        public static Key number(String name, long min, long max) {
            return new Key(name, true, false, min, max, List.of());
        }

        /** Any text of 1 to 4,096 characters. */
        public static Key text(String name) {
            return new Key(name, false, false, 1, 4096, List.of());
        }

        /** One of some words. */
        public static Key word(String name, String... options) {
            return new Key(name, false, false, 1, 4096, List.of(options));
        }

        /** The same key, mandatory. */
        public Key mandatory() {
            return new Key(name, number, true, min, max, options);
        }
    }

    /** A check that needs more than one block. */
    @FunctionalInterface
    interface CrossCheck {
        /** @return what is wrong; {@link Problem#file} of each is {@code file} */
        List<Problem> check(String file, List<Block> blocks);

        /**
         * No two blocks of these kinds have the same value of a key; case does not count. Names both places. Source:
         * R-DSP-13.
         */
        static CrossCheck unique(String key, String... kinds) {
            List<String> among = List.of(kinds);
            return (file, blocks) -> {
                Map<String, Block> first = new HashMap<>();
                List<Problem> problems = new ArrayList<>();
                for (Block block : blocks) {
                    Optional<BlockSetting> setting = among.contains(block.kind()) ? block.setting(key) : Optional.empty();
                    setting.ifPresent(given -> {
                        Block earlier = first.putIfAbsent(given.value().toLowerCase(Locale.ROOT), block);
                        if (earlier != null) {
                            problems.add(new Problem(file, given.valuePlace(), ErrorCode.DUPLICATE,
                                    key + " " + given.value() + " of '" + block.title() + "' is that of '" + earlier.title()
                                    + "' at " + earlier.setting(key).orElseThrow().valuePlace() + " already"));
                        }
                    });
                }
                return problems;
            };
        }
    }
}
