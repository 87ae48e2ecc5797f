package org.dvs.config.internal;

import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.dvs.config.api.ConfigStatus;
import org.dvs.config.internal.rules.Kinds;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the {@link Engine} in a container: once before it is active, so that components that need a configuration find it, and
 * then on a thread of its own, {@code dvs-config-watch-1}.
 *
 * <p>It cannot be configured by itself; the system property {@code org.dvs.config.pollMs} says how often it looks.
 */
// Registered by hand, once it is true, so DS does not declare it.
@Capability(namespace = "osgi.service", attribute = "objectClass:List<String>='org.dvs.config.api.ConfigStatus'")
@Component(service = EngineService.class, immediate = true)
public final class ConfigComponent implements EngineService {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigComponent.class);
    private static final String POLL = "org.dvs.config.pollMs";
    private static final long DEFAULT_POLL_MS = 1_000;
    private static final long MIN_POLL_MS = 50;
    private static final long MAX_POLL_MS = 3_600_000;
    /** How soon to look again at a file that is being written. */
    private static final long SETTLE_MS = 200;

    private final ScheduledThreadPoolExecutor watch;
    private final Engine engine;
    private final ConfigFiles files;
    private final KnownBlockFiles blockFiles;
    private final BundleSchemas bundles;
    private final long pollMs;
    private final ServiceRegistration<ConfigStatus> status;
    /** True while a look is on its way, so that many bundles coming at once give one look. */
    private final AtomicBoolean coming = new AtomicBoolean(true);

    @Activate
    public ConfigComponent(BundleContext context, @Reference ConfigurationAdmin admin) {
        pollMs = pollMs(context.getProperty(POLL));
        Path etc = Path.of(context.getProperty("karaf.etc") == null ? "etc" : context.getProperty("karaf.etc"));
        String base = context.getProperty("karaf.base");
        Variables variables = new Variables(System.getenv());
        files = new ConfigFiles(etc);
        Interpolation interpolation = new Interpolation(System.getenv(), System.getProperties());
        blockFiles = new KnownBlockFiles(interpolation);
        engine = new Engine(new Folder(etc), blockFiles, new AdminStore(admin), variables,
                new Checker(variables, interpolation,
                        Kinds.ofNode(etc, base == null ? etc.toAbsolutePath().resolve("..") : Path.of(base))));
        watch = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "dvs-config-watch-1");
            thread.setDaemon(true);
            return thread;
        }, new ThreadPoolExecutor.DiscardPolicy());
        watch.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        bundles = new BundleSchemas(context, this::lookSoon);
        bundles.open();
        look();
        status = context.registerService(ConfigStatus.class, engine, null);
        watch.schedule(this::lookAndGoOn, pollMs, TimeUnit.MILLISECONDS);
    }

    private static long pollMs(String text) {
        if (text == null) {
            return DEFAULT_POLL_MS;
        }
        if (text.matches("\\d{1,9}") && Long.parseLong(text) >= MIN_POLL_MS && Long.parseLong(text) <= MAX_POLL_MS) {
            return Long.parseLong(text);
        }
        LOG.error("system property {} must be {}..{}, milliseconds; {} is used", POLL, MIN_POLL_MS, MAX_POLL_MS, DEFAULT_POLL_MS);
        return DEFAULT_POLL_MS;
    }

    private void lookSoon() {
        if (!watch.isShutdown() && coming.compareAndSet(false, true)) {
            watch.execute(this::look);
        }
    }

    private boolean look() {
        coming.set(false);
        try {
            engine.schemas(bundles.schemas());
            return engine.pass();
        } catch (RuntimeException e) {
            LOG.error("the configuration could not be looked at; the next try is in {} ms", pollMs, e);
            return false;
        }
    }

    private void lookAndGoOn() {
        boolean unsettled = look();
        if (!watch.isShutdown()) {
            watch.schedule(this::lookAndGoOn, unsettled ? Math.min(SETTLE_MS, pollMs) : pollMs, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public ConfigFiles files() {
        return files;
    }

    @Override
    public KnownBlockFiles blockFiles() {
        return blockFiles;
    }

    @Deactivate
    void stop() throws InterruptedException {
        status.unregister();
        watch.shutdown();
        bundles.close();
        if (!watch.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.error("dvs-config-watch-1 has not ended within 5 s");
        }
    }
}
