package org.dvs.security.internal.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.security.Secrets;
import org.dvs.security.internal.identity.KeysComponent;
import org.dvs.security.internal.keys.PrivateFiles;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers the node's {@link Secrets}; makes their folder and takes away the rights that others have on what is in it. */
@Component
public final class SecretsComponent implements Secrets {
    /** Below the folder of keys. */
    static final String FOLDER = "secrets";

    private static final Logger LOG = LoggerFactory.getLogger(SecretsComponent.class);

    private final SecretPlaces places;

    @Activate
    public SecretsComponent(BundleContext context, @Reference KeysComponent keys) throws IOException {
        Path folder = keys.keys().files().path(FOLDER);
        List<Path> tightened = new PrivateFiles(folder).tighten();
        if (!tightened.isEmpty()) {
            LOG.warn("Took away the rights of others on {}", tightened);
        }
        places = new SecretPlaces(folder, Path.of(context.getProperty("karaf.base")), System::getenv);
    }

    @Override
    public char[] read(String reference) throws DvsException {
        return places.read(reference);
    }
}
