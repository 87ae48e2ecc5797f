package org.dvs.dispatcher.internal.wire;

import java.util.List;
import java.util.Map;

import org.dvs.api.Caller;

/** What dispatchers and agents say to each other. Bytes: {@link Wire}. Immutable. */
public sealed interface Message {

    /** The request that this belongs to. */
    Key key();

    /**
     * A request, multicast: every agent sees it at the same place of the order, the targets execute it.
     *
     * @param timeoutMs what the target may take, from the moment at which it arrives
     * @param targets   node ids
     * @param caller    checked again by each target
     * @param requestId as the caller gave it, for logs; perhaps empty
     * @param values    complete; null does not occur
     */
    record Ask(Key key, int timeoutMs, List<Integer> targets, Caller caller, String requestId, Map<String, Object> values)
            implements Message {

        /** The same, when the target has let it lie for so many milliseconds. */
        public Ask after(long waitedMs) {
            return waitedMs == 0 ? this
                    : new Ask(key, (int) Math.max(0, timeoutMs - waitedMs), targets, caller, requestId, values);
        }
    }

    /**
     * Rows while the handler still runs, direct to the requester.
     *
     * @param replier id of the node that answers
     * @param chunk   counts from 0
     */
    record Rows(Key key, int replier, int chunk, List<List<Object>> rows) implements Message {
    }

    /**
     * The end of a node's answer, direct to the requester.
     *
     * @param chunk    how many {@link Rows} came before
     * @param rowCount of the whole answer
     * @param rows     the last of them: a short answer is one message
     */
    record End(Key key, int replier, int chunk, int rcode, String detail, int rowCount, List<List<Object>> rows)
            implements Message {
    }

    /** The requester does not want the answer any more; direct to the agents. */
    record Cancel(Key key, Reason reason) implements Message {
    }

    /** Why a request was called off. The ordinal is on the wire: add at the end. */
    enum Reason {
        /** Somebody cancelled the job. */
        CANCELLED,
        /** Its deadline passed. */
        DEADLINE,
        /** The answer is larger than the requester takes. */
        TOO_LARGE
    }
}
