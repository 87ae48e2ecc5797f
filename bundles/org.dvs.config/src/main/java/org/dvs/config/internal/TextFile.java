package org.dvs.config.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

import org.dvs.api.ErrorCode;
import org.dvs.config.api.Place;
import org.dvs.config.api.Problem;

/**
 * A configuration file as it was read: its text, or why there is none.
 *
 * @param name    under which problems are reported
 * @param text    UTF-8; empty if it could not be read
 * @param problem why not
 */
public record TextFile(String name, String text, Optional<Problem> problem) {
    /** Bytes a configuration file may have. */
    public static final int MAX_BYTES = 1024 * 1024;

    /** A text that is there. */
    public static TextFile of(String name, String text) {
        return new TextFile(name, text, Optional.empty());
    }

    /** Reads a file whole; what goes wrong is in {@link #problem}. */
    public static TextFile read(Path path, String name) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return bad(name, Place.START, ErrorCode.SYNTAX, "larger than " + MAX_BYTES + " bytes");
            }
            return decode(name, bytes);
        } catch (NoSuchFileException e) {
            return bad(name, Place.START, ErrorCode.NOCONFIG, "there is no such file");
        } catch (IOException e) {
            return bad(name, Place.START, ErrorCode.NOCONFIG, "cannot be read: " + e.getMessage());
        }
    }

    /** Text of bytes, which must be UTF-8 without NUL. */
    public static TextFile decode(String name, byte[] bytes) {
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = utf8.decode(in, out, true);
        String text = out.flip().toString();
        try {
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException e) {
            return bad(name, placeOf(text, text.length()), ErrorCode.SYNTAX, "this is not UTF-8 text");
        }
        int nul = text.indexOf('\0');
        return nul < 0 ? of(name, text) : bad(name, placeOf(text, nul), ErrorCode.SYNTAX,
                "this is not text: there is a zero byte");
    }

    private static Place placeOf(String text, int offset) {
        String before = text.substring(0, offset);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Place(line, offset - (before.lastIndexOf('\n') + 1) + 1);
    }

    private static TextFile bad(String name, Place place, ErrorCode code, String text) {
        return new TextFile(name, "", Optional.of(new Problem(name, place, code, text)));
    }
}
