package org.dvs.health.internal.check;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Optional;

import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Component;

/** The heap as it was after the last collection: what is in use before one says nothing. */
@Component(immediate = true, property = {HealthCheck.NAME + "=heap", HealthCheck.TAGS + "=live"})
public final class HeapCheck implements HealthCheck {
    private static final Level PERCENT = new Level(90, 99);
    private static final String NEXT =
            "Give the node more heap (EXTRA_JAVA_OPTS=-Xmx...), or find what fills it with 'jcmd PID GC.class_histogram'";
    private static final long MIB = 1 << 20;

    @Override
    public Result execute() {
        long used = ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage).map(Optional::ofNullable).flatMap(Optional::stream)
                .mapToLong(MemoryUsage::getUsed).sum();
        return of(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax());
    }

    static Result of(long used, long most) {
        return PERCENT.of(100.0 * used / most, String.format("%d of %d MiB", used / MIB, most / MIB), NEXT);
    }
}
