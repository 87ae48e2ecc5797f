package org.dvs.agent.process.internal;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.registry.api.LocalKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code proc unbind}: has a process of the node end, or has the node forget one of another node. Source: dvs-kernel reference
 * 9.2.
 */
@Component
public final class UnbindHandler implements RequestHandler {
    private final LocalKernel kernel;

    @Activate
    public UnbindHandler(@Reference LocalKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_UNBIND").command("proc unbind")
                .help("Asks a process of the node to end, or has its kernel forget one of another node")
                .parameter(ProcessParameters.DCID).parameter(ProcessParameters.ENDPOINT).destroys().build();
    }

    /** As in the original, who is not bound does not wait for the end: AGAIN until the process has ended. */
    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        try {
            kernel.get().unbind(ProcessParameters.dcid(request), ProcessParameters.endpoint(request));
            return 0;
        } catch (DvsException e) {
            throw e.code() == ErrorCode.AGAIN ? new DvsException(e.code(), e.getMessage() + ": it has been asked to end, and is "
                    + "unbound when it does", e) : e;
        }
    }
}
