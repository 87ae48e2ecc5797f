package org.dvs.cli.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

import org.dvs.api.request.Column;
import org.dvs.api.request.Parameter;
import org.dvs.api.request.RequestSpec;
import org.dvs.api.request.ValueType;
import org.dvs.cli.internal.render.Plain;
import org.dvs.cli.internal.words.Builtin;
import org.dvs.cli.internal.words.CommonFlag;
import org.dvs.cli.internal.words.ParameterFlags;

/** The manual page dvs(1), in the macros of man(7), made from the descriptions of the requests that are served now. */
final class ManPage {
    private static final String[][] EXITS = {
        {"0", "all nodes ok"}, {"1", "a node answered with an error"}, {"2", "not understood; nothing was sent"},
        {"3", "no such node, or an empty node set"}, {"4", "a node was silent"}, {"5", "no node could be reached"},
        {"6", "not logged in or not allowed"}, {"7", "refused by a guard: no majority, --max-fail, confirmation"},
        {"124", "the deadline passed"}, {"130", "interrupted"}};

    private final List<String> lines = new ArrayList<>();

    private ManPage() {
    }

    static void print(List<RequestSpec> specs, String version, Consumer<String> out) {
        ManPage page = new ManPage();
        page.make(specs, version);
        page.lines.forEach(out);
    }

    private void make(List<RequestSpec> specs, String version) {
        lines.add(".TH DVS 1 \"\" \"DVS " + text(version) + "\" \"Distributed Virtual System\"");
        section("NAME");
        lines.add("dvs \\- a few Linux machines as one system");
        section("SYNOPSIS");
        lines.add(".B dvs");
        lines.add(".RI [ FLAGS \"] \" COMMAND \" [\" FLAGS \"] [\" OPERANDS ]");
        section("DESCRIPTION");
        paragraph("Asks one, several or all nodes of a cluster, and shows what they say: answers that are alike once,"
                + " and what a node did not answer. This page lists the commands that the node which made it served at that moment.");
        section("COMMANDS");
        Arrays.stream(Builtin.values()).filter(builtin -> !builtin.hidden()).forEach(this::builtin);
        specs.forEach(this::request);
        section("COMMON FLAGS");
        for (CommonFlag flag : CommonFlag.values()) {
            String letter = flag.shortForm() == 0 ? "" : "-" + flag.shortForm() + ", ";
            item(letter + flag.flag() + (flag.value().isEmpty() ? "" : ' ' + flag.value()), flag.help());
        }
        section("EXIT STATUS");
        for (String[] exit : EXITS) {
            item(exit[0], exit[1]);
        }
    }

    private void builtin(Builtin builtin) {
        subsection("dvs " + String.join(" ", builtin.command()) + ' ' + builtin.operands());
        paragraph(sentence(builtin.help()) + " Role: " + builtin.role().map(role -> role.word()).orElse("none") + '.');
    }

    private void request(RequestSpec spec) {
        subsection("dvs " + String.join(" ", spec.command()) + " [FLAGS] " + Help.operands(spec));
        String effect = spec.destructive() ? " Destroys something." : spec.changes() ? " Changes something." : "";
        paragraph(sentence(spec.help()) + effect + " Request " + String.join(", ", Help.names(spec)) + ", role "
                + spec.role().word()
                + '.');
        for (Parameter parameter : spec.parameters()) {
            String word = parameter.operand() ? Help.operand(parameter) : ParameterFlags.written(parameter)
                    + (parameter.type() == ValueType.FLAG ? "" : ' ' + Help.typeWord(parameter.type()));
            item(word, Help.describe(parameter));
        }
        if (!spec.columns().isEmpty()) {
            paragraph("Columns: " + String.join(", ", spec.columns().stream().map(Column::name).toList()) + '.');
        }
    }

    private static String sentence(String help) {
        return help.endsWith(".") ? help : Character.toUpperCase(help.charAt(0)) + help.substring(1) + '.';
    }

    private void section(String name) {
        lines.add(".SH " + name);
    }

    private void subsection(String name) {
        lines.add(".SS \"" + text(name.strip()).replace("\"", "\\(dq") + '"');
    }

    private void item(String word, String help) {
        lines.add(".TP");
        lines.add(".B " + text(word));
        lines.add(text(help));
    }

    private void paragraph(String words) {
        lines.add(".PP");
        lines.add(text(words));
    }

    /** Text that is no request to the formatter, whatever stands in a description. */
    private static String text(String words) {
        String plain = Plain.text(words).replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
