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
}
