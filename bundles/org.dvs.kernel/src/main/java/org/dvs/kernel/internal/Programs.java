package org.dvs.kernel.internal;

import java.util.IdentityHashMap;
import java.util.Map;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.api.LogField;
import org.dvs.kernel.api.BindKind;
import org.dvs.kernel.api.DvsHandler;
import org.dvs.kernel.api.DvsParameters;
import org.dvs.kernel.api.DvsProgram;
import org.dvs.kernel.api.EndpointNumbers;
import org.dvs.kernel.internal.ipc.KernelCore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Programs of the container that are services: bound when they come, or when their DC does, and ended when they go. One that has
 * ended by itself, or was unbound, stays so until then. Whether a DC runs is looked at on a tick, as DCs come and go seldom.
 */
@Component(service = {}, immediate = true)
public final class Programs {
    private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
    private static final long TICK_MS = 200;

    private final KernelCore kernel;
    private final Map<Object, Program> programs = new IdentityHashMap<>();
    private final Thread ticker;
    private boolean stopped;

    @Activate
    public Programs(@Reference KernelCore kernel) {
        this.kernel = kernel;
        ticker = new Thread(this::tick, "dvs-kernel-programs-1");
        ticker.setDaemon(true);
        ticker.start();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProgram(DvsProgram program, Map<String, Object> properties) {
        add(program, properties, (dcid, endpoint, name) -> ProgramThread.start(
                kernel.bind(dcid, endpoint, name, BindKind.SELF, EndpointNumbers.LOCALNODE), program));
    }

    void removeProgram(DvsProgram program) {
        remove(program);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addHandler(DvsHandler handler, Map<String, Object> properties) {
        add(handler, properties, (dcid, endpoint, name) -> kernel.bindHandler(dcid, endpoint, name, handler)::close);
    }

    void removeHandler(DvsHandler handler) {
        remove(handler);
    }

    /** Binds a program. */
    private interface Binding {
        /** @return ends it */
        Runnable bind(int dcid, int endpoint, String name) throws DvsException;
    }

    /** A service and where it wants to be. */
    private final class Program {
        private final int dcid;
        private final int endpoint;
        private final String name;
        private final Binding binding;
        /** Null while it has never been bound. */
        private Runnable end;
        /** In which it was bound last. */
        private Object dc;
        private ErrorCode told;

        Program(int dcid, int endpoint, String name, Binding binding) {
            this.dcid = dcid;
            this.endpoint = endpoint;
            this.name = name;
            this.binding = binding;
        }

        /** Binds it if its DC runs and it was not bound there yet. */
        void bind() {
            try {
                if (dc != kernel.runOf(dcid)) {
                    bindAnew();
                }
            } catch (DvsException e) {
                refused(e);
            }
        }

        private void bindAnew() throws DvsException {
            try (MDC.MDCCloseable field = MDC.putCloseable(LogField.DC, Integer.toString(dcid))) {
                // What was bound in a DC before this one. It may take its time, so that the DC is looked at once more.
                end();
                // Nothing is bound without it: a DC that begins meanwhile would not be known as the one where it was bound.
                Object now = kernel.runOf(dcid);
                end = binding.bind(dcid, endpoint, name);
                dc = now;
                told = null;
                LOG.info("{} is endpoint {} of dc{}", name, endpoint, dcid);
            }
        }

        private void refused(DvsException e) {
            try (MDC.MDCCloseable field = MDC.putCloseable(LogField.DC, Integer.toString(dcid))) {
                boolean waits = e.code() == ErrorCode.DCNOTRUN || e.code() == ErrorCode.DVSINIT;
                if (!waits && told != e.code()) {
                    LOG.warn("{} cannot be endpoint {} of dc{} and is tried again: {}. {}", name, endpoint, dcid, e.getMessage(),
                            e.code().nextStep());
                }
                told = e.code();
            }
        }

        void end() {
            if (end != null) {
                end.run();
                end = null;
            }
        }
    }

    private synchronized void add(Object service, Map<String, Object> properties, Binding binding) {
        if (!(properties.get(DvsProgram.DCID) instanceof Integer dcid)
                || !(properties.get(DvsProgram.ENDPOINT) instanceof Integer endpoint)) {
            LOG.error("{} is no program: it needs the properties {} and {}, Integers", service.getClass().getName(),
                    DvsProgram.DCID, DvsProgram.ENDPOINT);
            return;
        }
        String given = properties.get(DvsProgram.NAME) instanceof String text ? text : service.getClass().getSimpleName();
        String name = given.substring(0, Math.min(given.length(), DvsParameters.MAX_NAME));
        Program program = new Program(dcid, endpoint, name, binding);
        programs.put(service, program);
        program.bind();
    }

    private void remove(Object service) {
        Program program;
        synchronized (this) {
            program = programs.remove(service);
        }
        if (program != null) {
            program.end();
        }
    }

    private synchronized void tick() {
        while (!stopped) {
            programs.values().forEach(Program::bind);
            try {
                wait(TICK_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Deactivate
    void stop() {
        synchronized (this) {
            stopped = true;
            notifyAll();
        }
        for (Object service : programs.keySet().toArray()) {
            remove(service);
        }
    }
}
