package org.dvs.helper.internal;

import java.util.List;
import java.util.Optional;

import org.dvs.api.DvsException;

/** Tries, in a network of its own that is gone afterwards, what limits of traffic need. Any thread. */
final class NetTrial {
    static final String NO_TREE = "neither a tree of version 2 nor controller net_cls is mounted, by which nftables could tell"
            + " groups apart";
    private static final List<String> ELSEWHERE = List.of("/usr/bin/unshare", "--net", "--");

    private final NetTools tools;
    private final Optional<String> tree;
    private final NetRules rules;

    NetTrial(NetTools tools, Optional<String> tree, NetRules rules) {
        this.tools = tools;
        this.tree = tree;
        this.rules = rules;
    }

    /** @return what this machine lacks; empty if nothing */
    Optional<String> lacking() throws InterruptedException {
        if (tree.isEmpty()) {
            return Optional.of(NO_TREE);
        }
        if (tools.program("nft").isEmpty()) {
            return Optional.of("there is no program nft (package nftables)");
        }
        if (tools.program("tc").isEmpty()) {
            return Optional.of("there is no program tc (package iproute2)");
        }
        NetTools elsewhere = tools.behind(ELSEWHERE);
        try {
            elsewhere.run(rules.trial(), "nft", "-f", "-");
            elsewhere.run(null, "tc", "qdisc", "add", "dev", "lo", "root", "handle", Integer.toHexString(NetRules.MAJOR) + ":",
                    "htb", "default", "0");
            return Optional.empty();
        } catch (DvsException e) {
            return Optional.of("this kernel or this user's rights do not allow it: " + e.getMessage());
        }
    }
}
