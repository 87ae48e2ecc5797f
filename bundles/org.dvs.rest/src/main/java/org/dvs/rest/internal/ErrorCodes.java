package org.dvs.rest.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dvs.api.ErrorCode;

/** Finds the code in an error as the command line shows it. */
final class ErrorCodes {
    private static final Pattern CODE = Pattern.compile("DVS-[A-Z]+-(\\d{4})");

    private ErrorCodes() {
    }

    static Optional<ErrorCode> in(String line) {
        Matcher matcher = CODE.matcher(line);
        return matcher.find() ? ErrorCode.ofRcode(-Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    /** What the line says beside code and sentence, which a problem document has members of its own for. */
    static String detail(ErrorCode code, String line) {
        String known = code.code() + ' ' + code.sentence().substring(0, code.sentence().length() - 1);
        if (!line.startsWith(known)) {
            return line;
        }
        String rest = line.substring(known.length());
        return rest.startsWith(": ") ? rest.substring(2) : "";
    }
}
