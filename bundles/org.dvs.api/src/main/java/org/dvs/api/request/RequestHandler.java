package org.dvs.api.request;

import java.util.List;

import org.dvs.api.DvsException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Serves one request type on this node. Register it as an OSGi service: every face knows it from then on, and forgets it
 * when the service goes.
 *
 * <p><b>Threads.</b> Called on workers of the dispatcher, never on the cluster's delivery thread, so it may block. Requests
 * that change something come one at a time in the agreed order, the same on all nodes; others come several at once.
 * <p><b>Deadline.</b> At the deadline, or when the request is cancelled, the thread is interrupted; what still runs
 * afterwards is answered for and its result dropped.
 * <p><b>Lifecycle.</b> No new call starts after unregistration; calls already running are left to finish.
 *
 * <p>Source: design 4; seed 000, list of requests.
 */
@ConsumerType
public interface RequestHandler {

    /**
     * The description, with the same content at every call. It is asked for when the handler comes and kept until it goes, so it
     * may as well be made here.
     */
    RequestSpec spec();

    /**
     * @param request validated, and its caller's role checked
     * @param rows    takes rows in the order to show them
     * @return the result code, 0 or positive; most requests give 0
     * @throws DvsException         for a foreseen failure; its code becomes the {@code rcode} of the reply
     * @throws InterruptedException when interrupted; becomes {@code INTR} or {@code TIMEDOUT}
     */
    int handle(Request request, RowSink rows) throws DvsException, InterruptedException;

    /**
     * Values to offer while somebody types.
     *
     * @param parameter one of the spec's
     * @param typed     what stands there so far
     * @return candidates in the order to show them; the default offers the parameter's allowed values
     */
    default List<String> suggest(Parameter parameter, String typed) {
        return parameter.allowed();
    }
}
