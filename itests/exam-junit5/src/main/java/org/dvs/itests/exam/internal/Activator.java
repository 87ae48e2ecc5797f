package org.dvs.itests.exam.internal;

import java.util.Hashtable;
import java.util.Map;

import org.ops4j.pax.exam.ProbeInvokerFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The half inside the container: offers Pax Exam a way to run Jupiter tests. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        ProbeInvokerFactory factory = (probe, expression) -> new JupiterInvoker(((BundleContext) probe).getBundle());
        context.registerService(ProbeInvokerFactory.class, factory, new Hashtable<>(Map.of("driver", "junit5")));
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }
}
