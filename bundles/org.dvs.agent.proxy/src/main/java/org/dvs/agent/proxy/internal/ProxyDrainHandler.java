package org.dvs.agent.proxy.internal;

import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.Request;
import org.dvs.api.request.RequestHandler;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.RowSink;
import org.dvs.proxy.api.ProxyLinks;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code proxy drain}. Source: dvs-kernel reference 11, proxy_conn. */
@Component
public final class ProxyDrainHandler implements RequestHandler {
    private final ProxyLinks proxies;

    @Activate
    public ProxyDrainHandler(@Reference ProxyLinks proxies) {
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_PROXYDRAIN").command("proxy drain")
                .help("Takes no more commands for the other node and disconnects from it when what was sent is answered")
                .parameter(ProxyParameters.PROXY).changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        proxies.drain(Math.toIntExact(request.number("proxy")));
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return Links.suggest(proxies, parameter);
    }
}
