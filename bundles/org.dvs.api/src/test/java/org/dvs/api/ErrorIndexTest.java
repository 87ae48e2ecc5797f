package org.dvs.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** Error codes: the index in the documents is what the code says; {@code -Ddvs.write-docs=true} writes it anew. */
class ErrorIndexTest {
    private static final Path INDEX = Path.of("..", "..", "docs", "errors.md");

    @Test
    void standsInTheDocumentsAsInTheCode() throws IOException {
        if (Boolean.getBoolean("dvs.write-docs")) {
            Files.writeString(INDEX, index());
        }
        assertEquals(index(), Files.readString(INDEX), "docs/errors.md differs: run the test with -Ddvs.write-docs=true");
    }

    @Test
    void hasUniqueNumbersAndWholeSentences() {
        assertEquals(ErrorCode.values().length, Arrays.stream(ErrorCode.values()).map(ErrorCode::number).distinct().count());
        for (ErrorCode code : ErrorCode.values()) {
            assertTrue(code.sentence().endsWith("."), code + " has a sentence");
            assertTrue(code.nextStep().endsWith("."), code + " has a next step");
            assertEquals(code, ErrorCode.ofRcode(code.rcode()).orElseThrow());
        }
    }

    private static String index() {
        String rows = Arrays.stream(ErrorCode.values())
                .map(code -> String.format("| `%s` | %d | %s | %s | %s | %s |%n", code.code(), code.rcode(), code.name(),
                        code.kind().name().toLowerCase(Locale.ROOT), code.sentence(), code.nextStep()))
                .collect(Collectors.joining());
        return """
                # Error index

                Every error a user can meet: its public code, the `rcode` of a reply (numbers down to -999 are the EDVS numbers of
                the original kernel), its name, its kind, the cause and the next step. The kind decides the HTTP status
                ([org.dvs.rest](bundles/org.dvs.rest.md)). Made from `ErrorCode`; a test holds the two together.

                | code | rcode | name | kind | cause | next step |
                |---|---|---|---|---|---|
                """ + rows;
    }
}
