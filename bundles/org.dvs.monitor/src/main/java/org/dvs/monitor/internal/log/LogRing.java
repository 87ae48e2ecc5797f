package org.dvs.monitor.internal.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The newest events of this node's log, in bounded memory: {@value #LINES} of them, each text cut at {@value #LONGEST}
 * characters. Thread-safe; to add waits for nobody but who reads, who copies.
 */
final class LogRing {
    static final int LINES = 2_000;
    static final int LONGEST = 2_000;
    /** Numbers of one start are more than those of all starts before: a node logs less than so many a millisecond. */
    private static final long NUMBERS_PER_MS = 1_000;

    private final Deque<LogLine> lines = new ArrayDeque<>(LINES);
    private long last;

    /** @param startMs milliseconds since 1970 at which this ring began */
    LogRing(long startMs) {
        last = startMs * NUMBERS_PER_MS;
    }

    synchronized void add(long time, String level, String logger, String thread, String message, String trace) {
        if (lines.size() == LINES) {
            lines.removeFirst();
        }
        lines.addLast(new LogLine(++last, time, level, cut(logger), cut(thread), cut(message), cut(trace)));
    }

    private static String cut(String text) {
        return text == null ? "" : text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    /** Begins with what another ring had, oldest first, before anything is added; numbers go on behind it. */
    synchronized void begin(List<LogLine> before) {
        lines.addAll(before.subList(Math.max(0, before.size() - LINES), before.size()));
        lines.forEach(line -> last = Math.max(last, line.number()));
    }

    /** @return all of it, oldest first */
    synchronized List<LogLine> all() {
        return List.copyOf(lines);
    }

    /** @return those with a greater number, oldest first, at most so many: the newest */
    synchronized List<LogLine> after(long number, int most) {
        List<LogLine> found = new ArrayList<>();
        Iterator<LogLine> newestFirst = lines.descendingIterator();
        while (newestFirst.hasNext() && found.size() < most) {
            LogLine line = newestFirst.next();
            if (line.number() <= number) {
                break;
            }
            found.add(line);
        }
        Collections.reverse(found);
        return found;
    }
}
