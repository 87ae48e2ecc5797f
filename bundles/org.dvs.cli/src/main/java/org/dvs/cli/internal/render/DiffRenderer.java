package org.dvs.cli.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.dispatch.Answer;
import org.dvs.api.dispatch.Group;
import org.dvs.api.dispatch.NodeState;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;

/** The largest group that is ok whole, then for each other group the lines in which it differs. */
final class DiffRenderer extends TableRenderer {
    /** Lines of one group that are compared; the comparison takes time with their product. */
    private static final int MOST_LINES = 5_000;
    private static final int CONTEXT = 3;
    /** Lines that name the two sides. */
    private static final int NAMES = 2;

    DiffRenderer(Screen screen, Consumer<String> out) {
        super(screen, out);
    }

    @Override
    void folded(Answer answer, RowView view) {
        List<Group> groups = answer.groups().stream().filter(group -> group.state() == NodeState.OK).toList();
        if (groups.isEmpty()) {
            return;
        }
        Group reference = groups.get(0);
        out.accept(paint().nodes(title(reference, answer)));
        body(reference, view);
        List<String> expected = lines(reference, view);
        for (Group group : groups.subList(1, groups.size())) {
            out.accept("");
            List<String> lines = lines(group, view);
            if (lines.size() > MOST_LINES || expected.size() > MOST_LINES) {
                out.accept(paint().nodes(title(group, answer) + ": more than " + MOST_LINES + " lines, shown whole"));
                body(group, view);
            } else {
                differences(title(reference, answer), expected, title(group, answer), lines);
            }
        }
    }

    private void differences(String expectedTitle, List<String> expected, String title, List<String> lines) {
        var patch = DiffUtils.diff(expected, lines, new MyersDiffWithLinearSpace<>());
        List<String> unified = UnifiedDiffUtils.generateUnifiedDiff(expectedTitle, title, expected, patch, CONTEXT);
        List<String> added = new ArrayList<>();
        for (int i = 0; i < unified.size(); i++) {
            String line = unified.get(i);
            if (i < NAMES) {
                out.accept(paint().heading(line));
            } else if (line.startsWith("+")) {
                // The library may put them in front; readers expect what was taken away first.
                added.add(line);
            } else if (line.startsWith("-")) {
                out.accept(paint().error(line));
            } else {
                flush(added);
                out.accept(line);
            }
        }
        flush(added);
    }

    private void flush(List<String> added) {
        added.forEach(line -> out.accept(paint().added(line)));
        added.clear();
    }

    /** One line per row, the columns as wide as this row needs, so that one long value does not make all lines differ. */
    private static List<String> lines(Group group, RowView view) {
        List<String> lines = new ArrayList<>();
        for (List<Object> row : group.rows()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                cells.add(Cells.human(view.columns().get(i), row.get(i)));
            }
            lines.add(String.join("  ", cells));
        }
        return lines;
    }
}
