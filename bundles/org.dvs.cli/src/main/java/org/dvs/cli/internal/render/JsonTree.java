package org.dvs.cli.internal.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/** JSON, indented or in one line. */
final class JsonTree extends Tree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private interface Step {
        void run() throws IOException;
    }

    private final JsonGenerator json;

    JsonTree(Consumer<String> lines, boolean indented) {
        try {
            json = FACTORY.createGenerator(new LineWriter(lines));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen: nothing is opened", e);
        }
        if (indented) {
            DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
            Separators separators = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("").withArrayEmptySeparator("");
            json.setPrettyPrinter(new DefaultPrettyPrinter(separators).withObjectIndenter(indenter).withArrayIndenter(indenter));
        }
    }

    /** The writer below never fails: an Output drops what nobody reads. */
    private static void go(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void startObject() {
        go(json::writeStartObject);
    }

    @Override
    void endObject() {
        go(json::writeEndObject);
    }

    @Override
    void startList() {
        go(json::writeStartArray);
    }

    @Override
    void endList() {
        go(json::writeEndArray);
    }

    @Override
    void name(String name) {
        go(() -> json.writeFieldName(name));
    }

    @Override
    void text(String text) {
        go(() -> json.writeString(text));
    }

    @Override
    void whole(long number) {
        go(() -> json.writeNumber(number));
    }

    @Override
    void decimal(double number) {
        go(() -> json.writeNumber(number));
    }

    @Override
    void flag(boolean flag) {
        go(() -> json.writeBoolean(flag));
    }

    @Override
    void nothing() {
        go(json::writeNull);
    }

    @Override
    public void close() {
        go(json::close);
    }
}
