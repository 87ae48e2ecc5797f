package org.dvs.registry.internal;

import java.util.List;

import org.dvs.cluster.api.ViewEvent;

/**
 * One membership event as this node saw it.
 *
 * @param timeMs  milliseconds since the epoch
 * @param kind    of the event
 * @param changed names of those who came or went
 * @param viewId  of the new view
 * @param primary true if the new view holds a majority
 * @param current true if the tables were refreshed with what all agreed on; false on the side of a minority
 * @param script  as configured; empty for none
 * @param result  of the script
 */
record JournalEntry(long timeMs, ViewEvent.Kind kind, List<String> changed, long viewId, boolean primary, boolean current,
        String script, ScriptResult result) {

    JournalEntry {
        changed = List.copyOf(changed);
    }
}
