package org.dvs.cluster.jgroups.internal.osgi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.Printable;
import org.dvs.api.config.Kind;
import org.dvs.api.config.Takes;
import org.dvs.api.security.Identity;
import org.dvs.cluster.api.AgreedState;
import org.dvs.cluster.api.Channel;
import org.dvs.cluster.api.Cluster;
import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.Receiver;
import org.dvs.cluster.api.Standing;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewListener;
import org.dvs.cluster.jgroups.internal.engine.Engine;
import org.dvs.cluster.jgroups.internal.engine.Settings;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the engine from the configuration and offers it as {@link Cluster}; as itself only to {@link ListenerComponent}. */
@Component(configurationPid = "org.dvs.cluster", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {Cluster.class, ClusterComponent.class})
@Designate(ocd = ClusterComponent.Config.class)
public final class ClusterComponent implements Cluster {

    /** The settings; {@code docs/bundles/org.dvs.cluster.jgroups.md} explains them. */
    @ObjectClassDefinition(id = "org.dvs.cluster", name = "DVS cluster", description = "How this node meets the others")
    public @interface Config {
        @AttributeDefinition(name = "Bind address", description = "Address that the cluster port listens on")
        @Takes(Kind.ADDRESS)
        String bindAddress() default "127.0.0.1";

        @AttributeDefinition(name = "Bind port", description = "Cluster port", min = "1", max = "65535")
        int bindPort() default 7800;

        @AttributeDefinition(name = "Seeds", required = false,
                description = "Nodes to look for at the start, host:port each; none means that this node is a cluster of its own")
        @Takes(Kind.ENDPOINT)
        String[] seeds() default { };

        @AttributeDefinition(name = "Founders", required = false,
                description = "Names of the nodes that found the cluster and vote in it from its first start on, the same list "
                        + "on each of them; empty on a node that is added later. The log says who votes once it exists")
        @Takes(Kind.NAME)
        String[] bootstrap() default { };

        @AttributeDefinition(name = "Heart-beat time-out", min = "500", max = "60000",
                description = "Milliseconds of silence after which a node is taken for unreachable")
        int heartbeatTimeoutMs() default 3_000;

        @AttributeDefinition(name = "Verification", min = "50", max = "10000",
                description = "Milliseconds that a suspected node has to answer before it is taken out of the view")
        int verifyMs() default 250;

        @AttributeDefinition(name = "Least merge interval", min = "100", max = "60000",
                description = "Least milliseconds between two looks for separated parts of the cluster")
        int mergeMinMs() default 1_000;

        @AttributeDefinition(name = "Greatest merge interval", min = "200", max = "120000",
                description = "Greatest milliseconds between two looks; more than the least")
        @Takes(moreThan = "mergeMinMs")
        int mergeMaxMs() default 3_000;

        @AttributeDefinition(name = "Join time-out", min = "1000", max = "600000",
                description = "Milliseconds after which a node that is refused reports that it cannot join; it goes on trying")
        int joinTimeoutMs() default 15_000;

        @AttributeDefinition(name = "Log folder", description = "Where the agreed log is kept; of this node alone")
        String logFolder() default "${karaf.data}/cluster";

        @AttributeDefinition(name = "Receiver's queue", min = "16", max = "1000000",
                description = "Messages that may wait for one receiver before the senders are slowed down")
        int queueMessages() default 8_192;

        @AttributeDefinition(name = "Receiver's queue, bytes", min = "1048576", max = "1073741824",
                description = "Bytes that may wait for one receiver before the senders are slowed down")
        int queueBytes() default 16 * 1024 * 1024;
    }

    private static final Logger LOG = LoggerFactory.getLogger(ClusterComponent.class);

    private final Engine engine;

    /** @throws DvsException {@code BADSETTING}, naming key and value */
    @Activate
    public ClusterComponent(BundleContext context, Config config, @Reference Identity identity) throws DvsException {
        try {
            engine = new Engine(settings(config, context.getProperty("karaf.data")), identity, () -> 0L);
            engine.start();
        } catch (DvsException e) {
            // org.dvs.config refuses such a value; this is for one that came another way, or is bad only now.
            LOG.error("This node takes part in no cluster, as org.dvs.cluster cannot be used: {}",
                    Printable.line(e.getMessage()));
            throw e;
        }
    }

    @Deactivate
    void stop() {
        engine.close();
    }

    Engine engine() {
        return engine;
    }

    void addListener(ViewListener listener) {
        engine.addListener(listener);
    }

    void removeListener(ViewListener listener) {
        engine.removeListener(listener);
    }

    @Override
    public Member local() {
        return engine.local();
    }

    @Override
    public long incarnation() {
        return engine.incarnation();
    }

    @Override
    public View view() {
        return engine.view();
    }

    @Override
    public CompletableFuture<View> joined() {
        return engine.joined();
    }

    @Override
    public List<Standing> nodes() {
        return engine.nodes();
    }

    @Override
    public Channel open(String name, Receiver receiver) throws DvsException {
        return engine.open(name, receiver);
    }

    @Override
    public AgreedState state() {
        return engine.state();
    }

    @Override
    public CompletableFuture<Standing> admit(int nodeId) {
        return engine.admit(nodeId);
    }

    @Override
    public CompletableFuture<Void> expel(int nodeId) {
        return engine.expel(nodeId);
    }

    static Settings settings(Config config, String dataFolder) throws DvsException {
        if (config.mergeMaxMs() <= config.mergeMinMs()) {
            throw new DvsException(ErrorCode.BADSETTING, "mergeMaxMs " + config.mergeMaxMs() + " must be more than mergeMinMs "
                    + config.mergeMinMs());
        }
        List<InetSocketAddress> seeds = new ArrayList<>();
        for (String seed : config.seeds()) {
            if (!seed.isBlank()) {
                seeds.add(seed(seed.trim()));
            }
        }
        List<String> bootstrap = List.of(config.bootstrap()).stream().map(String::trim).filter(name -> !name.isEmpty()).toList();
        if (bootstrap.stream().distinct().count() != bootstrap.size()) {
            throw new DvsException(ErrorCode.BADSETTING, "bootstrap names a node twice: " + String.join(", ", bootstrap));
        }
        String folder = config.logFolder().replace("${karaf.data}", dataFolder == null ? "data" : dataFolder);
        return new Settings(address("bindAddress", config.bindAddress()), config.bindPort(), seeds, bootstrap, Path.of(folder),
                config.heartbeatTimeoutMs(), config.verifyMs(), config.mergeMinMs(), config.mergeMaxMs(), config.joinTimeoutMs(),
                config.queueMessages(), config.queueBytes());
    }

    private static InetSocketAddress seed(String text) throws DvsException {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon > 0 && port > 0 && port < 65_536) {
                return new InetSocketAddress(address("seeds", text.substring(0, colon).replaceAll("^\\[(.*)]$", "$1")), port);
            }
        } catch (NumberFormatException e) {
            // Answered below, like a port out of range.
        }
        throw new DvsException(ErrorCode.BADSETTING, "seeds: '" + text + "' is not host:port");
    }

    private static InetAddress address(String key, String host) throws DvsException {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new DvsException(ErrorCode.BADSETTING, key + ": no address is known for '" + host + "'", e);
        }
    }
}
