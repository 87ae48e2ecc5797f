package org.dvs.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.dvs.cluster.api.View;

/** A view and the multicasts that were put in order in it. Each member goes through its epochs one after another. */
final class Epoch {

    /** A multicast. */
    record Message(SimulatedNode sender, String channel, byte[] payload) {
    }

    final View view;
    final Set<SimulatedNode> members;
    final List<Message> log = new ArrayList<>();

    Epoch(View view, Set<SimulatedNode> members) {
        this.view = view;
        this.members = Set.copyOf(members);
    }

    SimulatedNode coordinator() {
        return members.stream().filter(node -> node.local().id() == view.coordinator()).findFirst().orElseThrow();
    }

    /** One node's way through an epoch: which of its messages it has delivered, and how far it may go. */
    static final class Stage {
        final Epoch epoch;
        boolean installed;
        int delivered;
        int upTo = Integer.MAX_VALUE;

        Stage(Epoch epoch) {
            this.epoch = epoch;
        }

        boolean hasMessage() {
            return delivered < Math.min(upTo, epoch.log.size());
        }

        /** How many of the epoch's messages can have reached this node by now. */
        int reachable() {
            return Math.min(upTo, epoch.log.size());
        }
    }
}
