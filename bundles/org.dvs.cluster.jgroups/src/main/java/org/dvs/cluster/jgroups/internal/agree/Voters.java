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
 * from the moment its entry is appended, and no longer when the entry is taken away again. The log's name stands with it. Changed
 * by one thread; the current list and the names of the log are read by any.
 */
final class Voters {
    /** Without the log's name, as it was before logs had one. */
    private static final byte BARE = 1;
    private static final byte NAMED = 2;

    /** What an entry says: who votes, and by what name the log goes. */
    record Listing(List<String> names, LogId log) {
    }

    /** A list and where it stands in the log; index 0 is the one this node was started with. */
    private record Listed(long index, Listing listing) {
        boolean names(String name) {
            return listing.names.contains(name);
        }
    }

    private final Deque<Listed> lists = new ArrayDeque<>();
    private volatile Listing current;
    private volatile LogId agreedLog;

    Voters(List<String> initial) {
        restart(0, new Listing(initial, LogId.NONE));
    }

    List<String> names() {
        return current.names;
    }

    /** Name of the log by the newest list, which is not agreed yet, perhaps. */
    LogId log() {
        return current.log;
    }

    /** Name of the log as far as it is known to be agreed: then it never changes. */
    LogId agreedLog() {
        return agreedLog;
    }

    /** How many votes decide; 1 where nobody votes, so that it is never reached. */
    int majority() {
        return names().size() / 2 + 1;
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
        return lists.stream().anyMatch(listed -> listed.names(name));
    }

    void appended(long index, Listing listing) {
        lists.addLast(new Listed(index, listing));
        current = listing;
    }

    void removedFrom(long index) {
        while (lists.getLast().index >= index && lists.size() > 1) {
            lists.removeLast();
        }
        current = lists.getLast().listing;
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
        agreedLog = lists.getFirst().listing.log;
    }

    /** The list that counted at {@code index}, which is not before the last {@link #committed}. */
    Listing at(long index) {
        Listing listing = lists.getFirst().listing;
        for (Listed listed : lists) {
            if (listed.index <= index) {
                listing = listed.listing;
            }
        }
        return listing;
    }

    /** Begins with a list that is agreed. */
    void restart(long index, Listing listing) {
        lists.clear();
        appended(index, new Listing(List.copyOf(listing.names), listing.log));
        agreedLog = listing.log;
    }

    /** Version, the log's name in two longs if it has one, number of names, then length and UTF-8 of each. */
    static byte[] encode(Listing listing) {
        List<byte[]> texts = listing.names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
        int size = 2 + 2 * Long.BYTES + texts.stream().mapToInt(text -> text.length + 2).sum();
        ByteBuffer out = ByteBuffer.allocate(listing.log.known() ? size : size - 2 * Long.BYTES);
        if (listing.log.known()) {
            out.put(NAMED).putLong(listing.log.high()).putLong(listing.log.low());
        } else {
            out.put(BARE);
        }
        out.put((byte) texts.size());
        texts.forEach(text -> out.putShort((short) text.length).put(text));
        return out.array();
    }

    /** @throws IllegalArgumentException or {@link java.nio.BufferUnderflowException} if the bytes are no list */
    static Listing decode(ByteBuffer in) {
        byte version = in.get();
        if (version != BARE && version != NAMED) {
            throw new IllegalArgumentException("a list of voters of another version");
        }
        LogId log = version == BARE ? LogId.NONE : new LogId(in.getLong(), in.getLong());
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
        return new Listing(List.copyOf(names), log);
    }
}
