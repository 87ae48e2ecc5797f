package org.dvs.cluster.jgroups.internal.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.dvs.cluster.api.Member;
import org.dvs.cluster.api.View;
import org.dvs.cluster.api.ViewEvent;
import org.dvs.cluster.jgroups.internal.order.Cause;
import org.dvs.cluster.jgroups.internal.order.Epoch;
import org.dvs.cluster.jgroups.internal.order.Mark;
import org.dvs.cluster.jgroups.internal.order.Peer;
import org.dvs.cluster.jgroups.internal.order.Seat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The classifier. Members are written as id, incarnation, and group if not 0: {@code 2a}, {@code 2a1}, {@code 2a-}; 0a looks. */
@Tag("R-CMD-18")
class ViewClassifierTest {

    private static Peer peer(String text) {
        return new Peer(text.charAt(0) - '0', text.charAt(1));
    }

    private static Seat seat(String text) {
        String group = text.substring(2);
        return new Seat(peer(text), "node" + peer(text).id(),
                group.isEmpty() ? 0 : group.equals("-") ? Seat.NEW : Integer.parseInt(group));
    }

    private static Mark mark(String members, String causes) {
        List<Seat> seats = words(members).map(ViewClassifierTest::seat).toList();
        Map<Peer, Cause> known = new LinkedHashMap<>();
        words(causes).forEach(word -> known.put(peer(word), Cause.valueOf(word.split("=")[1])));
        return new Mark(new Epoch(1, seats.get(0).peer()), seats, known);
    }

    private static Stream<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty());
    }

    private static View view(Mark mark) {
        return new View(1, mark.seats().stream().map(seat -> new Member(seat.peer().id(), seat.name())).toList(), 0, true);
    }

    private static String text(List<ViewEvent> events) {
        return events.stream().map(event -> event.kind() + event.changed().stream().map(Member::id).toList().toString())
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest(name = "{0} to {1}, {2}: {3}")
    @CsvSource({
        "0a 1a,       0a 1a 2a-,      '',         JOIN[2]",
        "0a 1a 2a,    0a 1a,          2a=LEFT,    DISCONNECT[2]",
        "0a 1a 2a,    0a 1a,          2a=ENDED,   DISCONNECT[2]",
        "0a 1a 2a,    0a 1a,          2a=SILENT,  PARTITION[2]",
        "0a 1a 2a,    0a 1a,          '',         PARTITION[2]",
        "0a 1a,       0a 1a 2a1 3a1,  '',         'MERGE[2, 3]'",
        "0a 1a,       0a 1a 2a1 3a2,  '',         'MERGE[2, 3]'",
        "0a 1a,       0a 1a 2a- 3a1,  '',         'JOIN[2] MERGE[3]'",
        "0a 1a 2a,    0a 2a 3a1,      1a=SILENT,  PARTITION[1] MERGE[3]",
        "0a 1a 2a,    0a 1a1 2a1,     '',         'PARTITION[1, 2] MERGE[1, 2]'",
        "0a 1a 2a 3a, 0a,             '1a=LEFT 2a=ENDED 3a=SILENT', 'DISCONNECT[1, 2] PARTITION[3]'",
        "0a 1a 2a,    0a 1a 2b-,      2a=ENDED,   DISCONNECT[2] JOIN[2]",
        "0a 1a,       1a 0a,          '',         ''"})
    void tells(String before, String after, String causes, String events) {
        Mark old = mark(before, "");
        Mark now = mark(after, causes);
        assertEquals(events, text(ViewClassifier.classify(peer("0a"), Optional.of(old), now, view(old), view(now))));
    }

    @Test
    void seesTheOthersComeAtItsOwnStart() {
        View alone = new View(0, List.of(new Member(0, "node0")), 0, false);
        Mark now = mark("1a 0a-", "");
        List<ViewEvent> events = ViewClassifier.classify(peer("0a"), Optional.empty(), now, alone, view(now));
        assertEquals("JOIN[1]", text(events));
        assertEquals(alone, events.get(0).before());
        assertEquals("", text(ViewClassifier.classify(peer("0a"), Optional.empty(), mark("0a-", ""), alone, alone)));
    }

    @Test
    void believesWhatTheBookHasNoticed() {
        CauseBook book = new CauseBook();
        Peer gone = peer("2a");
        assertEquals(Map.of(gone, Cause.SILENT), book.causes(List.of(gone)));
        book.broken(2);
        assertEquals(Map.of(gone, Cause.ENDED), book.causes(List.of(gone)));
        book.up(2);
        assertEquals(Map.of(gone, Cause.SILENT), book.causes(List.of(gone)), "a link that is back forgives");
        book.broken(2);
        book.leaving(gone);
        assertEquals(Map.of(gone, Cause.LEFT), book.causes(List.of(gone)));
        assertEquals(Map.of(peer("2b"), Cause.ENDED), book.causes(List.of(peer("2b"))), "the farewell was of the other run");
    }
}
