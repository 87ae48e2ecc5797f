package org.dvs.kernel.internal.ipc;

import java.util.List;
import java.util.function.ToIntFunction;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.kernel.api.DcInfo;
import org.dvs.kernel.api.DcSettings;
import org.dvs.kernel.api.Given;
import org.dvs.kernel.api.IpcException;

/**
 * The DCs of the node and their members. Thread-safe.
 *
 * <p>Source: dvs-kernel reference 11.
 */
final class Dcs {
    private final Tables tables;
    private final int pid;

    /** @param pid of this process */
    Dcs(Tables tables, int pid) {
        this.tables = tables;
        this.pid = pid;
    }

    void init(DcSettings settings) throws DvsException {
        settings.check(tables.site().dvs());
        tables.change(now -> {
            for (Container running : now.dcs()) {
                if (running.settings.dcid() == settings.dcid() || running.settings.name().equals(settings.name())) {
                    throw new IpcException(ErrorCode.RSCBUSY,
                            "dc" + running.settings.dcid() + " (" + running.settings.name() + ") is running");
                }
            }
            now.dc(settings.dcid(), new Container(settings, now));
        });
    }

    void end(int dcid) throws IpcException {
        tables.change(now -> now.end(tables.container(dcid)));
    }

    DcInfo info(Container dc) {
        dc.enter();
        try {
            return new DcInfo(dc.settings, dc.running(), dc.nodes(), pid, dc.slots.bound());
        } finally {
            dc.leave();
        }
    }

    List<DcInfo> all() throws IpcException {
        return tables.site().dcs().stream().map(this::info).toList();
    }

    /** Of each DC that runs, by id. */
    List<IpcCounts> counts() throws IpcException {
        return tables.site().dcs().stream().map(dc -> {
            dc.enter();
            try {
                return dc.slots.counts();
            } finally {
                dc.leave();
            }
        }).toList();
    }

    // ---- members

    void addNode(int dcid, int nodeId) throws IpcException {
        tables.change(now -> in(dcid, "node " + nodeId + " into dc" + dcid, dc -> now.membership.add(dc, nodeId)));
    }

    void delNode(int dcid, int nodeId) throws IpcException {
        tables.change(now -> in(dcid, "node " + nodeId + " out of dc" + dcid, dc -> now.membership.delete(dc, nodeId)));
    }

    /** Does something with a DC under its lock, and has a negative result thrown. */
    private void in(int dcid, String detail, ToIntFunction<Container> action) throws IpcException {
        Container dc = tables.container(dcid);
        dc.enter();
        try {
            Result.require(dc.running() ? action.applyAsInt(dc) : ErrorCode.DCNOTRUN.rcode(), detail);
        } finally {
            dc.leave();
        }
    }
}
