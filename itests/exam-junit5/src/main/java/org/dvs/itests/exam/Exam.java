package org.dvs.itests.exam;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.Arrays;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestAddress;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Runs the test methods of a class inside a container. The class, or one it extends, has a static method with
 * {@link Configuration} that gives the container's options; classes that inherit the same method share one container.
 *
 * <p>Inside, test methods may have parameters: the {@link BundleContext} of the test, or any OSGi service, which is waited for.
 * {@code @BeforeAll} and {@code @AfterAll} methods run inside, around every single test method.
 */
public final class Exam implements BeforeAllCallback, InvocationInterceptor, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Exam.class);
    private static final long SERVICE_WAIT_MS = 30_000;

    /** A container under test, and what it takes to stop it. */
    private static final class Running implements ExtensionContext.Store.CloseableResource, AutoCloseable {
        private final ExamSystem system;
        private final TestContainer container;

        Running(Option[] options) throws IOException {
            system = PaxExamRuntime.createTestSystem(options);
            container = PaxExamRuntime.createContainer(system);
            container.start();
        }

        /** @return where the class's tests are called */
        TestAddress install(Class<?> tests) throws IOException {
            TestProbeBuilder probe = system.createProbe();
            probe.setHeader("DynamicImport-Package", "*");
            TestAddress address = probe.addTest(tests, "*");
            try (InputStream bundle = probe.build().getStream()) {
                // Not installProbe: it gives every probe the same location, so only the first would be installed.
                container.install("probe:" + tests.getName(), bundle);
            }
            return address;
        }

        @Override
        public void close() {
            container.stop();
            system.clear();
        }
    }

    /** The probe of one class, asked to run one test. */
    private record Call(TestAddress probe, String uniqueId) implements TestAddress {
        @Override
        public String identifier() {
            return probe.identifier();
        }

        @Override
        public String caption() {
            return uniqueId;
        }

        @Override
        public TestAddress root() {
            return probe.root();
        }

        @Override
        public Object[] arguments() {
            return new Object[] {uniqueId};
        }
    }

    /** The bundle this class came from, or null outside of any container. */
    private static Bundle inside() {
        return FrameworkUtil.getBundle(Exam.class);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        if (inside() != null) {
            return;
        }
        Class<?> tests = context.getRequiredTestClass();
        Method configuration = configuration(tests);
        Running running = context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(configuration, method -> start(configuration),
                Running.class);
        context.getStore(NAMESPACE).put(TestAddress.class, running.install(tests));
    }

    private static Method configuration(Class<?> tests) {
        return Arrays.stream(tests.getMethods()).filter(method -> method.isAnnotationPresent(Configuration.class)).findFirst()
                .orElseThrow(() -> new IllegalStateException(tests + " has no public static method with @Configuration"));
    }

    private static Running start(Method configuration) {
        try {
            return new Running((Option[]) configuration.invoke(null));
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException("the container of " + configuration + " could not be started", e);
        }
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runThere(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        runThere(invocation, context);
    }

    private static void runThere(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        if (inside() != null) {
            invocation.proceed();
            return;
        }
        invocation.skip();
        TestAddress probe = context.getStore(NAMESPACE).get(TestAddress.class, TestAddress.class);
        Running running = context.getRoot().getStore(NAMESPACE).get(configuration(context.getRequiredTestClass()), Running.class);
        try {
            running.container.call(new Call(probe, context.getUniqueId()));
        } catch (RuntimeException e) {
            throw failureOf(e);
        }
    }

    /** What the test itself threw, without the wrappings of its way here. */
    private static Throwable failureOf(RuntimeException wrapped) {
        for (Throwable cause = wrapped; cause != null; cause = cause.getCause()) {
            if (cause instanceof AssertionError || cause.getClass().getName().startsWith("org.opentest4j.")) {
                return cause;
            }
        }
        return wrapped;
    }

    @Override
    public void interceptBeforeAllMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptAfterAllMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method,
            ExtensionContext context) throws Throwable {
        onlyInside(invocation);
    }

    private static void onlyInside(Invocation<Void> invocation) throws Throwable {
        if (inside() != null) {
            invocation.proceed();
        } else {
            invocation.skip();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        String type = parameter.getParameter().getType().getName();
        return parameter.getParameter().getType().isInterface() && !type.startsWith("java.") && !type.startsWith("org.junit.");
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (inside() == null) {
            // The method itself is not called here.
            return null;
        }
        BundleContext bundle = FrameworkUtil.getBundle(context.getRequiredTestClass()).getBundleContext();
        Class<?> type = parameter.getParameter().getType();
        if (type == BundleContext.class) {
            return bundle;
        }
        ServiceTracker<?, ?> tracker = new ServiceTracker<>(bundle, type, null);
        tracker.open();
        try {
            Object service = tracker.waitForService(SERVICE_WAIT_MS);
            if (service == null) {
                throw new AssertionError("no service " + type.getName() + " within " + SERVICE_WAIT_MS + " ms");
            }
            return service;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + type.getName(), e);
        }
    }
}
