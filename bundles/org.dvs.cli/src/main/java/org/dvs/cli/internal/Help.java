package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cli.internal.render.Cells;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.words.Builtin;
import org.dvs.cli.internal.words.CommonFlag;
import org.dvs.cli.internal.words.ParameterFlags;

/** Help texts, all of them made from descriptions. */
final class Help {
    private final Consumer<String> out;
    private final boolean shell;

    /** @param shell true for somebody in Karaf's shell, where commands are written {@code scope:verb} */
    Help(Consumer<String> lines, boolean shell) {
        this.shell = shell;
        // Descriptions come from other bundles.
        this.out = line -> lines.accept(Plain.text(line).stripTrailing());
    }

    /** All commands that begin with these words. */
    void family(List<String> front, List<RequestSpec> specs) {
        out.accept(front.isEmpty() ? "DVS: a few Linux machines as one system" : String.join(" ", front));
        out.accept("");
        out.accept(shell ? "Usage: SCOPE:COMMAND [FLAGS] [OPERANDS]" : "Usage: dvs COMMAND [FLAGS] [OPERANDS]");
        out.accept("");
        Map<String, String> commands = new TreeMap<>();
        specs.forEach(spec -> commands.put(String.join(" ", spec.command()), spec.help()));
        Arrays.stream(Builtin.values()).filter(builtin -> !builtin.hidden())
                .forEach(builtin -> commands.put(String.join(" ", builtin.command()), builtin.help()));
        String prefix = String.join(" ", front);
        commands.keySet().removeIf(command -> !prefix.isEmpty() && !command.startsWith(prefix + ' '));
        List<String[]> rows = new ArrayList<>();
        commands.forEach((command, help) -> rows.add(new String[] {command, help}));
        section("Commands:", rows);
        out.accept("Add --help to a command to see what it takes; '" + (shell ? "dvs:help" : "dvs help")
                + " -v' shows the flags that all have in common.");
    }

    void builtin(Builtin builtin) {
        String command = String.join(" ", builtin.command());
        out.accept(command + ": " + builtin.help());
        out.accept("");
        out.accept("Usage: " + (shell ? builtin.scope() + ':' + builtin.verb() : "dvs " + command) + " [FLAGS] "
                + builtin.operands());
    }

    void request(RequestSpec spec) {
        String command = String.join(" ", spec.command());
        out.accept(command + ": " + spec.help());
        out.accept("");
        out.accept("Usage: " + (shell ? spec.scope() + ':' + spec.verb() : "dvs " + command) + " [FLAGS] " + operands(spec));
        out.accept("");
        List<String[]> facts = new ArrayList<>();
        facts.add(new String[] {"Request", String.join(", ", names(spec))});
        facts.add(new String[] {"Role", spec.role().word()});
        facts.add(new String[] {"Changes", spec.destructive() ? "destroys something; asks unless --yes"
                : spec.inTurn() ? "yes; one at a time, in the agreed order" : spec.changes() ? "yes; others need not wait" : "nothing"});
        if (!spec.result().isEmpty()) {
            facts.add(new String[] {"Result", spec.result()});
        }
        if (!spec.oneOf().isEmpty()) {
            facts.add(new String[] {"Needs", "one of " + spec.oneOf().stream().map(name -> spec.parameter(name)
                    .map(parameter -> parameter.operand() ? operand(parameter) : ParameterFlags.written(parameter)).orElse(name))
                    .collect(Collectors.joining(", "))});
        }
        section(null, facts);
        List<String[]> operands = new ArrayList<>();
        List<String[]> flags = new ArrayList<>();
        for (Parameter parameter : spec.parameters()) {
            if (parameter.operand()) {
                operands.add(new String[] {operand(parameter), describe(parameter)});
            } else {
                boolean flag = parameter.type() == ValueType.FLAG;
                flags.add(new String[] {ParameterFlags.written(parameter) + (flag ? "" : ' ' + typeWord(parameter.type())),
                    describe(parameter)});
            }
        }
        section("Operands:", operands);
        section("Flags:", flags);
        List<String[]> columns = new ArrayList<>();
        for (Column column : spec.columns()) {
            String unit = column.unit().isEmpty() ? "" : ", " + column.unit();
            columns.add(new String[] {column.name(), column.help() + " (" + column.type().name().toLowerCase(Locale.ROOT) + unit
                    + (column.wide() ? ", only with -o wide and machine formats" : "") + ")"});
        }
        section("Columns:", columns);
        common();
    }

    /** The flags every command has. */
    void common() {
        List<String[]> common = new ArrayList<>();
        for (CommonFlag flag : CommonFlag.values()) {
            String letter = flag.shortForm() == 0 ? "    " : "-" + flag.shortForm() + ", ";
            String value = flag == CommonFlag.WATCH ? " [TIME]" : flag.value().isEmpty() ? "" : ' ' + flag.value();
            common.add(new String[] {letter + flag.flag() + value, flag.help()});
        }
        section("Common flags:", common);
    }

    private void section(String title, List<String[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        if (title != null) {
            out.accept(title);
        }
        int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        for (String[] row : rows) {
            out.accept("  " + row[0] + " ".repeat(width - row[0].length()) + "  " + row[1]);
        }
        out.accept("");
    }

    static List<String> names(RequestSpec spec) {
        List<String> names = new ArrayList<>(List.of(spec.name()));
        names.addAll(spec.aliases());
        return names;
    }

    static String operands(RequestSpec spec) {
        return String.join(" ", spec.parameters().stream().filter(Parameter::operand)
                .map(parameter -> parameter.required() ? operand(parameter) : '[' + operand(parameter) + ']').toList());
    }

    static String operand(Parameter parameter) {
        return parameter.name().toUpperCase(Locale.ROOT) + (parameter.type() == ValueType.TEXTS ? "..." : "");
    }

    static String typeWord(ValueType type) {
        return switch (type) {
            case TEXT -> "TEXT";
            case TEXTS -> "TEXT...";
            case INTEGER -> "N";
            case DECIMAL -> "DECIMAL";
            case FLAG -> "YES|NO";
            case DURATION -> "DURATION";
            case SIZE -> "SIZE";
            case TIME -> "TIME";
        };
    }

    static String describe(Parameter parameter) {
        List<String> notes = new ArrayList<>();
        if (parameter.required()) {
            notes.add("required");
        }
        if (!parameter.allowed().isEmpty()) {
            notes.add("one of " + String.join(", ", parameter.allowed()));
        }
        limits(parameter, notes);
        if (parameter.pattern() != null) {
            notes.add("matches " + parameter.pattern());
        }
        if (parameter.defaultValue() != null) {
            notes.add("default " + Cells.human(parameter.type(), parameter.defaultValue()));
        }
        if (parameter.type() == ValueType.TEXTS && !parameter.operand()) {
            notes.add("may be repeated");
        }
        return parameter.help() + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
    }

    private static void limits(Parameter parameter, List<String> notes) {
        Object min = parameter.limits().get("min");
        Object max = parameter.limits().get("max");
        String of = switch (parameter.type()) {
            case TEXT -> " characters";
            case TEXTS -> " values";
            default -> "";
        };
        boolean any = parameter.type() == ValueType.INTEGER && Long.valueOf(Integer.MIN_VALUE).equals(min)
                && Long.valueOf(Integer.MAX_VALUE).equals(max);
        if (any) {
            // Which of them count says the text.
            return;
        }
        if (min != null && max != null) {
            notes.add(amount(parameter, min) + ".." + amount(parameter, max) + of);
        } else if (min != null) {
            notes.add("at least " + amount(parameter, min) + of);
        } else if (max != null) {
            notes.add("at most " + amount(parameter, max) + of);
        }
    }

    private static String amount(Parameter parameter, Object number) {
        boolean counted = parameter.type() == ValueType.TEXT || parameter.type() == ValueType.TEXTS;
        return counted ? number.toString() : Cells.human(parameter.type(), number);
    }
}
