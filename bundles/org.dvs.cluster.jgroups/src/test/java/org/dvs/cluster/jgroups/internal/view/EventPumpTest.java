package org.dvs.cluster.jgroups.internal.view;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.api.ViewListener;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pump. */
@Tag("R-CMD-18")
class EventPumpTest {

    private static ViewEvent event(long id) {
        View view = new View(id, List.of(), 0, true);
        return new ViewEvent(ViewEvent.Kind.JOIN, view, view, List.of());
    }

    /** Whoever is slow is let go only after all was published: publishing waits for nobody. */
    @Test
    @Timeout(60)
    void tellsAllListenersInOrderThoughOneFailsAndOneIsSlow() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        try (EventPump pump = new EventPump()) {
            pump.add(event -> {
                throw new IllegalStateException("a listener's defect");
            });
            pump.add(event -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            ViewListener last = event -> heard.add(event.after().id());
            pump.add(last);
            pump.publish(List.of(event(1), event(2)));
            pump.publish(List.of(event(3)));
            release.countDown();
            await().until(() -> heard.equals(List.of(1L, 2L, 3L)));
            pump.remove(last);
        }
    }

    @Test
    void losesWhatIsBeyondItsCapacityAndGoesOn() {
        List<Long> heard = new CopyOnWriteArrayList<>();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        try (EventPump pump = new EventPump()) {
            pump.add(event -> {
                busy.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                heard.add(event.after().id());
            });
            pump.publish(List.of(event(0)));
            await().until(() -> busy.getCount() == 0);
            pump.publish(LongStream.rangeClosed(1, 1_030).mapToObj(EventPumpTest::event).toList());
            release.countDown();
            await().until(() -> heard.size() == 1_025);
            pump.publish(List.of(event(5_000)));
            await().until(() -> heard.size() == 1_026);
            assertEquals(5_000, heard.get(1_025));
        }
    }
}
