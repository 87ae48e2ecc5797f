package org.dvs.agent.cgroup.internal;

import java.nio.file.Path;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.dvs.api.DvsException;
import org.dvs.helper.api.DcLeftovers;
import org.dvs.helper.api.Helper;
import org.dvs.registry.api.Dcs;
import org.dvs.registry.api.LocalKernel;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every two seconds, on a thread of its own, for DCs and processes that have ended; for DCs also when somebody asks. */
@Component(service = DcLeftovers.class, immediate = true)
public final class EndedDcsComponent implements DcLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(EndedDcsComponent.class);
    private static final long EVERY_MS = 2_000;

    private final EndedDcs ended;
    private final EndedProcesses processes;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "dvs-cgroup-ended-1");
        made.setDaemon(true);
        return made;
    });

    @Activate
    public EndedDcsComponent(BundleContext context, @Reference LocalKernel kernel, @Reference Dcs dcs, @Reference Helper helper) {
        Path file = context.getDataFile("dcs").toPath();
        this.ended = new EndedDcs(helper, dcs, kernel::get, file);
        this.processes = new EndedProcesses(Path.of("/"), helper);
        thread.scheduleWithFixedDelay(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void clear(int dcid) throws DvsException, InterruptedException {
        ended.clear(dcid);
    }

    private void look() {
        look(processes::look);
        look(ended::look);
    }

    private interface Look {
        void run() throws DvsException, InterruptedException;
    }

    private static void look(Look look) {
        try {
            look.run();
        } catch (DvsException e) {
            // While there is no majority or no helper this is so every time.
            LOG.debug("What has ended is not known, or could not be taken away: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("Looking for DCs and processes that have ended failed", e);
        }
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
    }
}
