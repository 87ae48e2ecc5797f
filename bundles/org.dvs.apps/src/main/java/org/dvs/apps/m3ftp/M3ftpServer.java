package org.dvs.apps.m3ftp;

import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.DvsProgram;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Where the settings say so, a server of the node's folder runs in its container. */
@Component(configurationPid = "org.dvs.apps.m3ftp", service = {}, immediate = true)
@Designate(ocd = M3ftpConfig.class)
public final class M3ftpServer {
    private ServiceRegistration<DvsProgram> registration;

    @Activate
    void start(BundleContext context, M3ftpConfig config) throws DvsException {
        if (config.server()) {
            registration = context.registerService(DvsProgram.class, new FileServer(folder(context, config), config.writable()),
                    new Hashtable<>(Map.of(DvsProgram.DCID, config.dcid(), DvsProgram.ENDPOINT, config.endpoint(),
                            DvsProgram.NAME, "m3ftpd")));
        }
    }

    @Deactivate
    void stop() {
        if (registration != null) {
            registration.unregister();
        }
    }

    static Folder folder(BundleContext context, M3ftpConfig config) throws DvsException {
        Path data = Path.of(String.valueOf(context.getProperty("karaf.data"))).toAbsolutePath().normalize();
        return Folder.of(data, config.folder());
    }
}
