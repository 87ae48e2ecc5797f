package org.dvs.security.internal.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import org.dvs.api.Printable;
import org.dvs.security.internal.keys.KeyFolder;
import org.dvs.security.internal.keys.NodeName;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens this node's key folder; a lone node at its first start fills it and is its own cluster from then on. */
@Component(service = KeysComponent.class, configurationPid = "org.dvs.security")
@Designate(ocd = Config.class)
public final class KeysComponent {
    private static final Logger LOG = LoggerFactory.getLogger(KeysComponent.class);

    private final KeyFolder keys;
    private final Config config;

    @Activate
    public KeysComponent(BundleContext context, Config config) throws IOException, GeneralSecurityException {
        this(folder(context, config), config);
    }

    KeysComponent(Path folder, Config config) throws IOException, GeneralSecurityException {
        this.config = config;
        this.keys = new KeyFolder(folder, Clock.systemUTC(), new SecureRandom());
        try {
            open(config.clusterName());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // org.dvs.config refuses a folder that is not there and what is no name; this is for what came another way.
            LOG.error("This node has no identity, as org.dvs.security cannot be used with {}: {}", folder,
                    Printable.line(e.getMessage()));
            throw e;
        }
    }

    private void open(String clusterName) throws IOException, GeneralSecurityException {
        List<Path> tightened = keys.files().tighten();
        if (!tightened.isEmpty()) {
            LOG.warn("Took away the rights of others on {}", tightened);
        }
        if (!keys.hasNode() && !keys.belongsToCluster()) {
            keys.init(clusterName);
            keys.issue(new NodeName(0, "node0", List.of()), keys);
            LOG.info("First start: node0 of the new cluster '{}'; operator's token in {}, password of admin in {}",
                    clusterName, keys.files().path(KeyFolder.OPERATOR_TOKEN), keys.files().path(KeyFolder.ADMIN_PASSWORD));
        }
    }

    private static Path folder(BundleContext context, Config config) {
        Path base = Path.of(context.getProperty("karaf.base"));
        return base.resolve(config.keysFolder());
    }

    /** The folder, complete unless its certificate is missing. */
    public KeyFolder keys() {
        return keys;
    }

    /** Failed logins allowed per minute, user and address. */
    public int failedLoginsPerMinute() {
        return config.failedLoginsPerMinute();
    }
}
