package org.dvs.kernel.internal;

import org.dvs.api.DvsException;
import org.dvs.kernel.api.Kernel;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the kernel into a container. It begins without a DVS; the registry tells it what is agreed. When the bundle stops, every
 * program is told that its DC has ended.
 */
@Component(configurationPid = "org.dvs.kernel", service = {Kernel.class, KernelCore.class}, immediate = true)
@Designate(ocd = KernelConfig.class)
public final class KernelComponent extends KernelCore {
    private static final Logger LOG = LoggerFactory.getLogger(KernelComponent.class);

    private final Threads threads;

    @Activate
    public KernelComponent(KernelConfig config) {
        this(new Threads(config.handlerThreads()));
    }

    private KernelComponent(Threads threads) {
        super(System::currentTimeMillis, threads.deadlines(), threads::handle, Math.toIntExact(ProcessHandle.current().pid()));
        this.threads = threads;
    }

    @Modified
    void modified(KernelConfig config) {
        threads.handlerThreads(config.handlerThreads());
    }

    @Deactivate
    void stop() {
        try {
            dvsEnd();
        } catch (DvsException e) {
            LOG.debug("nothing to end: {}", e.getMessage());
        }
        threads.close();
    }
}
