package org.dvs.agent.cgroup.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RowSink;

/** What is limited: processors, memory, devices, networks. Stateless; any thread. */
interface Resource {
    /** As in the command: {@code cpu}. */
    String word();

    /** For help texts: {@code processor time}. */
    String what();

    List<Column> columns();

    /** More than one row for a group. */
    boolean manyRows();

    /** What a change may set, besides the target. */
    List<Parameter> settings();

    /** What a reset may name, besides the target. */
    default List<Parameter> resets() {
        return List.of();
    }

    /** @throws DvsException {@code NOSYS} with the reason where this machine cannot do it */
    void read(Reading reading, Request request, RowSink rows) throws DvsException, InterruptedException;

    /** @throws DvsException {@code INVAL} if nothing is to be set; {@code NOSYS}; what the kernel refuses */
    void set(Change change, Request request) throws DvsException, InterruptedException;

    void reset(Change change, Request request) throws DvsException, InterruptedException;
}
