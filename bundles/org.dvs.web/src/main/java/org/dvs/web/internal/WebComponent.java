package org.dvs.web.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.util.Hashtable;

import org.apache.felix.http.base.internal.HttpServiceController;
import org.dvs.api.security.Authenticator;
import org.dvs.api.security.Identity;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.servlet.runtime.HttpServiceRuntimeConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server with the whiteboard inside. Without a configuration there is no port. */
@Component(service = {}, configurationPid = "org.dvs.web", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = WebConfig.class)
public final class WebComponent {
    private static final Logger LOG = LoggerFactory.getLogger(WebComponent.class);

    private final ProtectedContexts contexts;
    private final HttpServiceController whiteboard;
    private final WebServer server;

    @Activate
    public WebComponent(BundleContext context, WebConfig config, @Reference Identity identity,
            @Reference Authenticator authenticator)
            throws IOException, CertificateParsingException {
        WebSettings settings = WebSettings.of(config);
        whiteboard = new HttpServiceController(context);
        server = new WebServer(settings, identity.nodeName(), identity.serverTls(),
                HostRules.of(identity.chain().get(0), settings.hosts()),
                whiteboard.createDispatcherServlet());
        try {
            server.start();
        } catch (IOException e) {
            LOG.error("No HTTP: {}. Set another port in org.dvs.web.cfg, or end what uses this one.", e.getMessage());
            throw e;
        }
        contexts = new ProtectedContexts(context, new Login(authenticator));
        String url = "https://" + settings.address() + ':' + server.port() + '/';
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(HttpServiceRuntimeConstants.HTTP_SERVICE_ENDPOINT, new String[] {url});
        whiteboard.register(server.servletContext(), properties);
        LOG.info("HTTP at {}", url);
        tell(context.getProperty("karaf.data"), settings.address());
    }

    /** A node that cannot say so serves all the same; the script then goes by the settings. */
    private void tell(String data, String address) {
        try {
            if (data != null) {
                ListenFile.write(Path.of(data), address, server.port());
            }
        } catch (IOException e) {
            LOG.warn("The script dvs will look for this node where org.dvs.web.cfg says: {} in {} cannot be written: {}",
                    ListenFile.NAME, data, e.toString());
        }
    }

    @Deactivate
    void stop() {
        whiteboard.unregister();
        contexts.close();
        server.stop();
    }
}
