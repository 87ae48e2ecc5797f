package org.dvs.dispatcher.internal.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.dvs.api.Caller;
import org.dvs.api.NodeSet;
import org.dvs.api.Role;
import org.dvs.cluster.api.Channel;

/**
 * Messages as bytes, big-endian. The first part is the same in every version, so that a node can answer a request that it does
 * not understand.
 * <pre>
 *  0        1        2              6                14              22
 * +--------+--------+--------------+----------------+---------------+----------------+
 * | version| kind   | requester i32| incarnation i64| sequence i64  | type: u16, text|   all kinds
 * +--------+--------+--------------+----------------+---------------+----------------+
 *
 * kind 1, ASK
 * | timeoutMs i32 | targets u16 | target i32 ... | user: u16, text | roles u8, bit per ordinal | channel: u16, text
 * | source: u16, text | requestId: u16, text | values u16 | name: u16, text | value ...
 *
 * kind 2, ROWS
 * | replier i32 | chunk i32 | rows |
 *
 * kind 3, END
 * | replier i32 | chunk i32 | rcode i32 | detail: u16, text | rowCount i32 | rows |
 *
 * kind 4, CANCEL
 * | reason u8 |
 *
 * rows:  | count u16 | columns u16, 0 if there are no rows | value ... row by row |
 * value: | 0 | null    | 1 | length i32, UTF-8 |   | 2 | i64 |    | 3 | IEEE 754 double, finite |
 *        | 4 | false   | 5 | true             |   | 6 | count i32, texts (length i32, UTF-8) |
 * </pre>
 * Nothing may follow. A message has at most {@link Channel#MAX_PAYLOAD} bytes.
 */
public final class Wire {
    /** The version spoken here. */
    public static final int VERSION = 1;
    /** Rows in one message at the most. */
    public static final int MAX_ROWS = 4096;
    /** Longest detail of an error, bytes; longer ones are cut by who writes them. */
    public static final int MAX_DETAIL = 4096;
    /** Longest user, channel, source and request id, bytes. */
    public static final int MAX_NAME = 512;

    static final int NULL = 0;
    static final int TEXT = 1;
    static final int LONG = 2;
    static final int DOUBLE = 3;
    static final int FALSE = 4;
    static final int TRUE = 5;
    static final int TEXTS = 6;

    private static final int ASK = 1;
    private static final int ROWS = 2;
    private static final int END = 3;
    private static final int CANCEL = 4;
    private static final int MAX_TYPE = 64;
    private static final int MAX_VALUES = 256;
    private static final int MAX_COLUMNS = 256;
    private static final Pattern TYPE = Pattern.compile("RQST_[A-Z0-9]+");
    private static final Role[] ROLE = Role.values();
    private static final Message.Reason[] REASON = Message.Reason.values();

    private Wire() {
    }

    /**
     * @param message of values as {@link org.dvs.api.request.ValueType} has them
     * @throws IllegalArgumentException for what has no bytes: another class of value, a name longer than its limit
     */
    public static byte[] encode(Message message) {
        ByteSink sink = new ByteSink(256);
        Key key = message.key();
        if (message instanceof Message.Ask ask) {
            header(sink, ASK, key);
            ask(sink, ask);
        } else if (message instanceof Message.Rows rows) {
            header(sink, ROWS, key);
            sink.i32(rows.replier());
            sink.i32(rows.chunk());
            rows(sink, rows.rows());
        } else if (message instanceof Message.End end) {
            header(sink, END, key);
            sink.i32(end.replier());
            sink.i32(end.chunk());
            sink.i32(end.rcode());
            sink.shortText(end.detail());
            sink.i32(end.rowCount());
            rows(sink, end.rows());
        } else {
            header(sink, CANCEL, key);
            sink.u8(((Message.Cancel) message).reason().ordinal());
        }
        return sink.toBytes();
    }

    private static void header(ByteSink sink, int kind, Key key) {
        sink.u8(VERSION);
        sink.u8(kind);
        sink.i32(key.requester());
        sink.i64(key.incarnation());
        sink.i64(key.sequence());
        sink.shortText(key.type());
    }

    private static void ask(ByteSink sink, Message.Ask ask) {
        sink.i32(ask.timeoutMs());
        sink.u16(ask.targets().size());
        ask.targets().forEach(sink::i32);
        sink.shortText(ask.caller().user());
        sink.u8(ask.caller().roles().stream().mapToInt(role -> 1 << role.ordinal()).sum());
        sink.shortText(ask.caller().channel());
        sink.shortText(ask.caller().source());
        sink.shortText(ask.requestId());
        sink.u16(ask.values().size());
        ask.values().forEach((name, value) -> {
            sink.shortText(name);
            sink.value(value);
        });
    }

    private static void rows(ByteSink sink, List<List<Object>> rows) {
        sink.u16(rows.size());
        sink.u16(rows.isEmpty() ? 0 : rows.get(0).size());
        rows.forEach(row -> row.forEach(sink::value));
    }

    /** @return bytes that this row takes in a message, or a little more */
    public static int size(List<Object> row) {
        int size = 0;
        for (Object value : row) {
            size += sizeOf(value);
        }
        return size;
    }

    private static int sizeOf(Object value) {
        if (value instanceof String text) {
            return 5 + utf8Length(text);
        }
        if (value instanceof List<?> texts) {
            return 5 + texts.stream().mapToInt(text -> 4 + utf8Length((String) text)).sum();
        }
        return value instanceof Number ? 9 : 1;
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
        }
        return length;
    }

    /** @throws WireException for anything that {@link #encode} does not make */
    public static Message decode(byte[] bytes) throws WireException {
        if (bytes.length > Channel.MAX_PAYLOAD) {
            throw new WireException("a message of " + bytes.length + " bytes");
        }
        ByteSource source = new ByteSource(bytes);
        int version = source.u8("version");
        int kind = source.u8("kind");
        Key key = new Key(source.count(source.i32("requester"), Integer.MAX_VALUE, "requester"), source.i64("incarnation"),
                source.i64("sequence"), type(source));
        if (version != VERSION) {
            throw new WireException("version " + version + ", spoken here is " + VERSION, kind == ASK ? key : null);
        }
        Message message = switch (kind) {
            case ASK -> ask(source, key);
            case ROWS -> new Message.Rows(key, id(source, "replier"), id(source, "chunk"), rows(source));
            case END -> new Message.End(key, id(source, "replier"), id(source, "chunk"), source.i32("rcode"),
                    source.shortText(MAX_DETAIL, "detail"), id(source, "rowCount"), rows(source));
            case CANCEL -> new Message.Cancel(key, REASON[source.count(source.u8("reason"), REASON.length - 1, "reason")]);
            default -> throw new WireException("there is no kind " + kind);
        };
        source.end();
        return message;
    }

    private static String type(ByteSource source) throws WireException {
        String type = source.shortText(MAX_TYPE, "type");
        if (!TYPE.matcher(type).matches()) {
            throw new WireException("the type is not RQST_ and capitals or digits");
        }
        return type;
    }

    private static int id(ByteSource source, String what) throws WireException {
        return source.count(source.i32(what), Integer.MAX_VALUE, what);
    }

    private static Message.Ask ask(ByteSource source, Key key) throws WireException {
        int timeoutMs = id(source, "timeoutMs");
        int targets = source.countOf(source.u16("targets"), NodeSet.MAX_NODES, 4, "targets");
        Integer[] ids = new Integer[targets];
        for (int i = 0; i < targets; i++) {
            ids[i] = id(source, "target");
        }
        String user = source.shortText(MAX_NAME, "user");
        Set<Role> roles = roles(source.u8("roles"));
        Caller caller = new Caller(user, roles, source.shortText(MAX_NAME, "channel"), source.shortText(MAX_NAME, "source"));
        String requestId = source.shortText(MAX_NAME, "requestId");
        return new Message.Ask(key, timeoutMs, List.of(ids), caller, requestId, values(source));
    }

    private static Set<Role> roles(int bits) throws WireException {
        if (bits >= 1 << ROLE.length) {
            throw new WireException("roles " + bits + ": there are " + ROLE.length);
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : ROLE) {
            if ((bits & 1 << role.ordinal()) != 0) {
                roles.add(role);
            }
        }
        return roles;
    }

    private static Map<String, Object> values(ByteSource source) throws WireException {
        int count = source.countOf(source.u16("values"), MAX_VALUES, 3, "values");
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = source.shortText(MAX_NAME, "name of a value");
            Object value = source.value("value");
            if (value == null || values.put(name, value) != null) {
                throw new WireException("value " + i + " is null or given twice");
            }
        }
        return Collections.unmodifiableMap(values);
    }

    private static List<List<Object>> rows(ByteSource source) throws WireException {
        int count = source.count(source.u16("rows"), MAX_ROWS, "rows");
        int columns = source.count(source.u16("columns"), MAX_COLUMNS, "columns");
        if (count == 0 ^ columns == 0) {
            throw new WireException(count + " rows of " + columns + " columns");
        }
        source.countOf(count, MAX_ROWS, Math.max(1, columns), "rows");
        List<List<Object>> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Object[] row = new Object[columns];
            for (int column = 0; column < columns; column++) {
                row[column] = source.value("value");
            }
            rows.add(Collections.unmodifiableList(Arrays.asList(row)));
        }
        return Collections.unmodifiableList(rows);
    }
}
