package org.dvs.dispatcher.internal.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.dvs.api.Caller;
import org.dvs.api.Role;

/** Random messages, all kinds and types of value among them. */
final class Messages {
    private static final String[] TEXTS = {"", "a", "node0", "ñandú", "日本", "😀", "two\nlines", "x".repeat(300)};

    private Messages() {
    }

    static Message any(Random random) {
        Key key = new Key(random.nextInt(1 << 31 >>> 1), random.nextLong(), random.nextLong(), "RQST_" + random.nextInt(100));
        return switch (random.nextInt(4)) {
            case 0 -> new Message.Ask(key, random.nextInt(1_000_000), random.ints(random.nextInt(5), 0, 100).boxed().toList(),
                    new Caller(text(random), roles(random), text(random), text(random)), text(random), values(random));
            case 1 -> new Message.Rows(key, random.nextInt(100), random.nextInt(100), rows(random));
            case 2 -> new Message.End(key, random.nextInt(100), random.nextInt(100), random.nextInt(), text(random),
                    random.nextInt(1000), rows(random));
            default -> new Message.Cancel(key, Message.Reason.values()[random.nextInt(Message.Reason.values().length)]);
        };
    }

    private static String text(Random random) {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private static Set<Role> roles(Random random) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values()).filter(role -> random.nextBoolean()).forEach(roles::add);
        return roles;
    }

    private static Map<String, Object> values(Random random) {
        Map<String, Object> values = new LinkedHashMap<>();
        IntStream.range(0, random.nextInt(5)).forEach(i -> values.put("value" + i, value(random, 1)));
        return values;
    }

    private static List<List<Object>> rows(Random random) {
        int columns = 1 + random.nextInt(4);
        List<List<Object>> rows = new ArrayList<>();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 40 : 5); i > 0; i--) {
            List<Object> row = new ArrayList<>();
            IntStream.range(0, columns).forEach(column -> row.add(value(random, 0)));
            rows.add(Collections.unmodifiableList(row));
        }
        return rows;
    }

    private static Object value(Random random, int first) {
        return switch (first + random.nextInt(6 - first)) {
            case 0 -> null;
            case 1 -> text(random);
            case 2 -> random.nextLong();
            case 3 -> random.nextGaussian();
            case 4 -> random.nextBoolean();
            default -> IntStream.range(0, random.nextInt(4)).mapToObj(i -> text(random)).toList();
        };
    }
}
