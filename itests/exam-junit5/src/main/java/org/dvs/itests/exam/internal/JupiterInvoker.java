package org.dvs.itests.exam.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.ops4j.pax.exam.ProbeInvoker;
import org.ops4j.pax.exam.TestContainerException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.util.tracker.ServiceTracker;

/** Runs one test of a probe bundle, once the container has finished booting. */
final class JupiterInvoker implements ProbeInvoker {
    private static final String BOOT_FINISHED = "(objectClass=org.apache.karaf.features.BootFinished)";
    private static final long BOOT_WAIT_MS = 120_000;

    private final Bundle probe;

    JupiterInvoker(Bundle probe) {
        this.probe = probe;
    }

    /** @param arguments the unique id that Jupiter outside has given the test */
    @Override
    public void call(Object... arguments) {
        awaitBoot();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Jupiter looks up the test class there; the probe sees everything by dynamic import.
        thread.setContextClassLoader(new ProbeLoader(probe));
        try {
            run((String) arguments[0]);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void run(String uniqueId) {
        LauncherConfig config = LauncherConfig.builder().enableTestEngineAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false).enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false).enableTestExecutionListenerAutoRegistration(false)
                .addTestEngines(new JupiterTestEngine()).build();
        Launcher launcher = LauncherFactory.create(config);
        List<Throwable> failures = new ArrayList<>();
        int[] tests = {0};
        launcher.execute(LauncherDiscoveryRequestBuilder.request().selectors(DiscoverySelectors.selectUniqueId(uniqueId)).build(),
                new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        tests[0] += test.isTest() ? 1 : 0;
                        if (result.getStatus() != Status.SUCCESSFUL) {
                            failures.add(result.getThrowable().orElseGet(() -> new AssertionError(test + " " + result)));
                        }
                    }
                });
        if (!failures.isEmpty()) {
            throw new TestContainerException(failures.get(0));
        }
        if (tests[0] == 0) {
            throw new TestContainerException("no test was found inside for " + uniqueId);
        }
    }

    /** The container tells that it runs before the features of its boot are all there. */
    private void awaitBoot() {
        BundleContext context = probe.getBundleContext();
        try {
            ServiceTracker<?, ?> tracker = new ServiceTracker<>(context, context.createFilter(BOOT_FINISHED), null);
            tracker.open();
            try {
                if (tracker.waitForService(BOOT_WAIT_MS) == null) {
                    throw new TestContainerException("the container did not finish booting within " + BOOT_WAIT_MS + " ms");
                }
            } finally {
                tracker.close();
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(BOOT_FINISHED, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TestContainerException("interrupted while the container booted", e);
        }
    }

    /** The probe's own view of classes. */
    private static final class ProbeLoader extends ClassLoader {
        private final Bundle probe;

        ProbeLoader(Bundle probe) {
            super(JupiterInvoker.class.getClassLoader());
            this.probe = probe;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return probe.loadClass(name);
        }
    }
}
