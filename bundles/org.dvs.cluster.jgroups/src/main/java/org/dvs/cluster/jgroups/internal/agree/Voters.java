package org.dvs.cluster.jgroups.internal.agree;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Who votes: the newest list in the log, committed or not, as Raft wants it for changes of one voter at a time. A list counts
 * from the moment its entry is appended, and no longer when the entry is taken away again. Changed by one thread; the current
 * list is read by any.
 */
final class Voters {
    private static final byte VERSION = 1;

    /** A list and where it stands in the log; index 0 is the one this node was started with. */
    private record Listed(long index, List<String> names) {
    }

    private final Deque<Listed> lists = new ArrayDeque<>();
    private volatile List<String> current;

    Voters(List<String> initial) {
        restart(0, initial);
    }

    List<String> names() {
        return current;
    }

    /** How many votes decide; 1 where nobody votes, so that it is never reached. */
    int majority() {
        return current.size() / 2 + 1;
    }

    /** Index of the entry with the current list. */
    long index() {
        return lists.getLast().index;
    }

    /**
     * True if {@code name} votes by the list that was agreed last or by one after it. Only such a node may stand as a candidate.
     * One that the newest list leaves out may, while that list is not known to be agreed: its log can be the only one from which
     * the list can still be agreed. Its own vote does not count then.
     */
    boolean mayLead(String name) {
        return lists.stream().anyMatch(listed -> listed.names.contains(name));
    }

    void appended(long index, List<String> names) {
        lists.addLast(new Listed(index, names));
        current = names;
    }

    void removedFrom(long index) {
        while (lists.getLast().index >= index && lists.size() > 1) {
            lists.removeLast();
        }
        current = lists.getLast().names;
    }

    /** Forgets lists that are superseded for good. */
    void committed(long index) {
        Iterator<Listed> newest = lists.descendingIterator();
        while (newest.hasNext()) {
            if (newest.next().index <= index) {
                while (newest.hasNext()) {
                    newest.next();
                    newest.remove();
                }
            }
        }
    }

    /** The list that counted at {@code index}, which is not before the last {@link #committed}. */
    List<String> at(long index) {
        List<String> names = lists.getFirst().names;
        for (Listed listed : lists) {
            if (listed.index <= index) {
                names = listed.names;
            }
        }
        return names;
    }

    void restart(long index, List<String> names) {
        lists.clear();
        appended(index, List.copyOf(names));
    }

    /** Version, number of names, then length and UTF-8 of each. */
    static byte[] encode(List<String> names) {
        List<byte[]> texts = names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
        ByteBuffer out = ByteBuffer.allocate(2 + texts.stream().mapToInt(text -> text.length + 2).sum());
        out.put(VERSION).put((byte) names.size());
        texts.forEach(text -> out.putShort((short) text.length).put(text));
        return out.array();
    }

    /** @throws IllegalArgumentException or {@link java.nio.BufferUnderflowException} if the bytes are no list */
    static List<String> decode(ByteBuffer in) {
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("a list of voters of another version");
        }
        int count = Byte.toUnsignedInt(in.get());
        if (count > Limits.VOTERS) {
            throw new IllegalArgumentException(count + " voters");
        }
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] text = new byte[Short.toUnsignedInt(in.getShort())];
            in.get(text);
            names.add(new String(text, StandardCharsets.UTF_8));
        }
        return List.copyOf(names);
    }
}
