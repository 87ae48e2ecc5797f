package org.dvs.dispatcher.internal.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dvs.dispatcher.internal.wire.Key;

/**
 * The newest replies of this node, to be said again to who asks again. Keeps {@value #MAX_KEYS} keys; of their bytes, if they are
 * too many, those of the newest. Source: dvsd reference 5.3. Used by the loop.
 */
final class ReplyCache {
    static final int MAX_KEYS = 256;

    private final long maxBytes;
    private final Map<Key, List<byte[]>> replies = new LinkedHashMap<>();
    private final Deque<Key> withBytes = new ArrayDeque<>();
    private long bytes;

    ReplyCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** @param messages of the whole reply, the end last */
    void put(Key key, List<byte[]> messages) {
        drop(key);
        replies.put(key, List.copyOf(messages));
        withBytes.add(key);
        bytes += size(messages);
        while (bytes > maxBytes) {
            Key oldest = withBytes.remove();
            bytes -= size(replies.put(oldest, List.of()));
        }
        if (replies.size() > MAX_KEYS) {
            drop(replies.keySet().iterator().next());
        }
    }

    private void drop(Key key) {
        List<byte[]> messages = replies.remove(key);
        if (messages != null) {
            bytes -= size(messages);
            withBytes.remove(key);
        }
    }

    private static long size(List<byte[]> messages) {
        return messages.stream().mapToLong(message -> message.length).sum();
    }

    /** @return the messages; none in it if they were too many to keep; empty for a key that is not known */
    Optional<List<byte[]>> get(Key key) {
        return Optional.ofNullable(replies.get(key));
    }

    int size() {
        return replies.size();
    }

    long bytes() {
        return bytes;
    }
}
