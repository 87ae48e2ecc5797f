package org.dvs.registry.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Member;

/**
 * The nodes that were taken out of the cluster and must not join, as the cluster engine keeps them in the agreed state:
 * {@code cluster/expelled/<id>} holds the name. They are neither registered nor in the view, so nothing else tells of them.
 */
public final class Expelled {
    private static final String PREFIX = "cluster/expelled/";

    private Expelled() {
    }

    /** In the order of their ids. One whose entry holds no name goes by {@code node<id>}. */
    public static List<Member> all(AgreedState state) {
        List<Member> all = new ArrayList<>();
        state.list(PREFIX).forEach((key, entry) -> {
            String id = key.substring(PREFIX.length());
            // What is not a number was not written by the engine.
            if (id.matches("\\d{1,9}")) {
                String name = new String(entry.value(), StandardCharsets.UTF_8);
                all.add(new Member(Integer.parseInt(id), name.isBlank() ? "node" + id : name));
            }
        });
        all.sort(null);
        return all;
    }

    public static boolean holds(AgreedState state, int id) {
        return state.get(PREFIX + id).isPresent();
    }
}
