package org.dvs.helper.internal;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.helper.api.NetLink;

/** Gives a new network namespace what it reaches others by. Used while its program waits at its gate. */
final class Links {
    private final NetTools tools;

    Links(NetTools tools) {
        this.tools = tools;
    }

    /**
     * @param pid a process in the namespace
     * @throws DvsException {@code BUSY} for an interface that has addresses, as the machine would lose its way; {@code NOENT}
     */
    void give(NetLink link, int pid) throws DvsException, InterruptedException {
        if (link.device().isEmpty()) {
            return;
        }
        if (link.peer().isEmpty()) {
            if (!tools.run(null, "ip", "-o", "address", "show", "dev", link.device(), "scope", "global").isBlank()) {
                throw new DvsException(ErrorCode.BUSY, "interface " + link.device() + " has addresses, so it is in use here");
            }
            tools.run(null, "ip", "link", "set", "dev", link.device(), "netns", Integer.toString(pid));
        } else {
            tools.run(null, "ip", "link", "add", "name", link.peer(), "type", "veth", "peer", "name", link.device(), "netns",
                    Integer.toString(pid));
            up(tools, link.peer(), link.peerAddress());
        }
        NetTools inside = tools.behind(java.util.List.of("/usr/bin/nsenter", "--net=/proc/" + pid + "/ns/net", "--"));
        up(inside, "lo", "");
        up(inside, link.device(), link.address());
    }

    private static void up(NetTools tools, String device, String address) throws DvsException, InterruptedException {
        if (!address.isEmpty()) {
            tools.run(null, "ip", "address", "add", address, "dev", device);
        }
        tools.run(null, "ip", "link", "set", "dev", device, "up");
    }
}
