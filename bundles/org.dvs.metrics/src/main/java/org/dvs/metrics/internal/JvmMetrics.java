package org.dvs.metrics.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

import org.dvs.api.metrics.Metric;
import org.dvs.api.metrics.MetricSource;
import org.osgi.service.component.annotations.Component;

/** The Java virtual machine of this node. */
@Component
public final class JvmMetrics implements MetricSource {
    private static final Metric HEAP = Metric.gauge("dvs_jvm_heap_bytes",
            "Heap in use, garbage that was not collected yet included.");
    private static final Metric HEAP_MAX = Metric.gauge("dvs_jvm_heap_max_bytes", "Size to which the heap may grow.");
    private static final Metric OTHER = Metric.gauge("dvs_jvm_nonheap_bytes", "Classes and compiled code.");
    private static final Metric COLLECTIONS = Metric.counter("dvs_jvm_collections_total", "Garbage collections.");
    private static final Metric COLLECTING = Metric.counter("dvs_jvm_collection_seconds_total",
            "Time spent in garbage collections.");
    private static final Metric THREADS = Metric.gauge("dvs_jvm_threads", "Threads alive.");
    private static final Metric CLASSES = Metric.gauge("dvs_jvm_classes", "Classes loaded.");
    private static final double MILLIS = 1e3;

    @Override
    public List<Metric> metrics() {
        return List.of(HEAP, HEAP_MAX, OTHER, COLLECTIONS, COLLECTING, THREADS, CLASSES);
    }

    @Override
    public void read(Sink sink) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        sink.put(HEAP, heap.getUsed());
        sink.put(HEAP_MAX, heap.getMax());
        sink.put(OTHER, ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed());
        // -1 is a collector's word for not knowing.
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        sink.put(COLLECTIONS, collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionCount())).sum());
        sink.put(COLLECTING, collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionTime())).sum() / MILLIS);
        sink.put(THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        sink.put(CLASSES, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }
}
