package org.dvs.cluster.jgroups.internal.engine;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.dvs.cluster.jgroups.internal.order.Mark;

/** Whether the members of a view are a majority of the agreed voters. Asked at each tick, so it counts only what has changed. */
final class Majority implements Predicate<Mark> {
    private record Counted(Mark mark, List<String> voters, boolean majority) {
    }

    private final Supplier<List<String>> voters;
    private volatile Counted last = new Counted(null, null, false);

    /** @param voters gives the same list until it has changed */
    Majority(Supplier<List<String>> voters) {
        this.voters = voters;
    }

    @Override
    public boolean test(Mark mark) {
        List<String> now = voters.get();
        Counted known = last;
        if (known.mark() != mark || known.voters() != now) {
            long present = mark.seats().stream().filter(seat -> now.contains(seat.name())).count();
            known = new Counted(mark, now, present * 2 > now.size());
            last = known;
        }
        return known.majority();
    }
}
