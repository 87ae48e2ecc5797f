package org.dvs.cli.internal.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ImplicitTuple;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceEndEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;
import org.yaml.snakeyaml.events.StreamStartEvent;

/** YAML in block style. Every text that any version of YAML could take for something else is quoted. */
final class YamlTree extends Tree {
    private static final Pattern SAFE = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*");
    private static final Pattern WORD_OF_YAML = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");
    private static final ImplicitTuple IMPLICIT = new ImplicitTuple(true, true);

    private final LineWriter writer;
    private final Emitter emitter;

    YamlTree(Consumer<String> lines) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(FlowStyle.BLOCK);
        options.setIndent(2);
        options.setSplitLines(false);
        options.setAllowUnicode(true);
        writer = new LineWriter(lines);
        emitter = new Emitter(writer, options);
        emit(new StreamStartEvent(null, null));
        emit(new DocumentStartEvent(null, null, false, null, null));
    }

    private void emit(Event event) {
        try {
            emitter.emit(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void scalar(String text, ScalarStyle style) {
        emit(new ScalarEvent(null, null, IMPLICIT, text, null, null, style));
    }

    @Override
    void startObject() {
        emit(new MappingStartEvent(null, null, true, null, null, FlowStyle.BLOCK));
    }

    @Override
    void endObject() {
        emit(new MappingEndEvent(null, null));
    }

    @Override
    void startList() {
        emit(new SequenceStartEvent(null, null, true, null, null, FlowStyle.BLOCK));
    }

    @Override
    void endList() {
        emit(new SequenceEndEvent(null, null));
    }

    @Override
    void name(String name) {
        text(name);
    }

    @Override
    void text(String text) {
        boolean plain = SAFE.matcher(text).matches() && !WORD_OF_YAML.matcher(text).matches();
        scalar(text, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
    }

    @Override
    void whole(long number) {
        scalar(Long.toString(number), ScalarStyle.PLAIN);
    }

    @Override
    void decimal(double number) {
        // 1.0E10 is a text to readers of YAML 1.1.
        String plain = BigDecimal.valueOf(number).toPlainString();
        scalar(plain.indexOf('.') < 0 ? plain + ".0" : plain, ScalarStyle.PLAIN);
    }

    @Override
    void flag(boolean flag) {
        scalar(Boolean.toString(flag), ScalarStyle.PLAIN);
    }

    @Override
    void nothing() {
        scalar("null", ScalarStyle.PLAIN);
    }

    @Override
    public void close() {
        emit(new DocumentEndEvent(null, null, false));
        emit(new StreamEndEvent(null, null));
        writer.close();
    }
}
