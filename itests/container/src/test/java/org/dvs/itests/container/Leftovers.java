package org.dvs.itests.container;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.runtime.ObjectMethods;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import javax.management.ObjectName;

import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.LoggerFactory;

/**
 * The classes of bundles that are about to be replaced. As long as a thread, a listener, a service or a static elsewhere refers
 * to anything of them they all stay in memory, once more with each update.
 */
final class Leftovers {
    /** So often one that is left over is looked for. */
    private static final int PATIENT_LOOKS = 20;

    private final Map<ClassLoader, String> watched = new WeakHashMap<>();

    /** Before a bundle is replaced. */
    void watch(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        watched.put(wiring.getClassLoader(), bundle.getSymbolicName() + " " + bundle.getVersion());
    }

    /**
     * Waits until what was watched is no longer in memory, but for what still runs, and for one more at the most: something else in
     * the container may remember the last of a kind that it met. What counts is that they do not add up from update to update. What
     * remembers it a heap dump in {@code target/} tells: each one that was found so far is mended, or forgotten here.
     */
    void gone(List<Bundle> running) throws Exception {
        AtomicInteger looks = new AtomicInteger();
        Await.until("the classes of replaced bundles to leave the memory", () -> {
            forgetRecords();
            forgetMissing(running.get(0));
            forgetAppenders();
            System.gc();
            List<String> left = left(running);
            return left.isEmpty() || left.size() == 1 && looks.incrementAndGet() == PATIENT_LOOKS;
        }, () -> left(running).toString());
        if (!left(running).isEmpty()) {
            System.out.println("ReplaceIT: still in memory: " + left(running) + ", see " + dump());
        }
    }

    /**
     * Pax Logging 2.3.2 notices at the next event of the log, and not before, who of its appenders has gone: a heap dump showed
     * {@code LogTap} of an updated bundle in {@code PaxAppenderProxy.appenders}, as nothing had been logged since.
     */
    private static void forgetAppenders() {
        LoggerFactory.getLogger(Leftovers.class).info("Whoever listens to the log is asked anew");
    }

    /** Of everything that is reached. */
    private static Path dump() throws Exception {
        Path file = Files.createTempDirectory(Path.of(System.getProperty("dvs.target")), "leftovers").resolve("heap.hprof");
        ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=HotSpotDiagnostic"), "dumpHeap",
                new Object[] {file.toString(), true}, new String[] {String.class.getName(), boolean.class.getName()});
        return file;
    }

    /**
     * Java 17 keeps the type of one component of one record, whichever was compared, hashed or printed last, and with it the
     * loader of its bundle, until the next record comes (JDK-8078641: the cached type of {@code ObjectMethods.OBJECT_EQ} and its
     * like; heap dumps of nodes showed it). That is one loader and not one with each update: it is given something else to keep.
     */
    private static void forgetRecords() throws Exception {
        record Last(Thread component) {
        }
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle getter = lookup.findVirtual(Last.class, "component", MethodType.methodType(Thread.class));
        for (MethodType method : List.of(MethodType.methodType(boolean.class, Last.class, Object.class),
                MethodType.methodType(int.class, Last.class), MethodType.methodType(String.class, Last.class))) {
            String name = method.returnType() == boolean.class ? "equals" : method.returnType() == int.class ? "hashCode" : "toString";
            try {
                ObjectMethods.bootstrap(lookup, name, method, Last.class, "component", getter);
            } catch (Throwable e) {
                throw new IllegalStateException("a record's " + name + " cannot be made", e);
            }
        }
    }

    /**
     * Felix SCR 2.2.6 remembers who could not get a service yet, because it was being made, until it is there. Where the service
     * goes before, it remembers for ever, and with it the component that asked: heap dumps showed {@code TransportComponent} of an
     * updated bundle behind {@code ComponentRegistry.m_missingDependencies}. Only what waits for services that are gone is
     * dropped.
     */
    private static void forgetMissing(Bundle any) throws ReflectiveOperationException {
        for (Bundle bundle : any.getBundleContext().getBundles()) {
            if ("org.apache.felix.scr".equals(bundle.getSymbolicName())) {
                Object registry = field(field(bundle, "m_activator"), "m_componentRegistry");
                synchronized (registry) {
                    ((Map<?, ?>) field(registry, "m_missingDependencies")).keySet()
                            .removeIf(service -> ((ServiceReference<?>) service).getBundle() == null);
                }
            }
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(of);
                }
            }
        }
        throw new NoSuchFieldException(of.getClass() + " has no " + name);
    }

    private List<String> left(List<Bundle> running) {
        List<ClassLoader> now = running.stream().map(bundle -> bundle.adapt(BundleWiring.class).getClassLoader()).toList();
        return watched.entrySet().stream().filter(entry -> !now.contains(entry.getKey())).map(Map.Entry::getValue).sorted()
                .toList();
    }
}
