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

/** {@code proxy disconnect}. Source: dvs-kernel reference 11, proxy_conn. */
@Component
public final class ProxyDisconnectHandler implements RequestHandler {
    private final ProxyLinks proxies;

    @Activate
    public ProxyDisconnectHandler(@Reference ProxyLinks proxies) {
        this.proxies = proxies;
    }

    @Override
    public RequestSpec spec() {
        return RequestSpec.named("RQST_PROXYDISCONN").command("proxy disconnect")
                .help("Disconnects from the other node at once; programs that wait for it are told")
                .parameter(ProxyParameters.PROXY).changes().build();
    }

    @Override
    public int handle(Request request, RowSink rows) throws DvsException {
        proxies.disconnect(Math.toIntExact(request.number("proxy")));
        return 0;
    }

    @Override
    public List<String> suggest(Parameter parameter, String typed) {
        return Links.suggest(proxies, parameter);
    }
}
