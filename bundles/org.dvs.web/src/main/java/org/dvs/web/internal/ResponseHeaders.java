package org.dvs.web.internal;

import java.util.List;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** What every response carries unless its servlet says otherwise: nothing may be kept, framed, guessed or loaded. */
final class ResponseHeaders {
    static final String REQUEST_ID = "X-Request-Id";

    private static final List<HttpField> FIELDS = List.of(
            new HttpField(HttpHeader.CACHE_CONTROL, "no-store"),
            new HttpField("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            new HttpField("X-Content-Type-Options", "nosniff"),
            new HttpField("X-Frame-Options", "DENY"),
            new HttpField("Referrer-Policy", "no-referrer"),
            new HttpField("Cross-Origin-Resource-Policy", "same-origin"));

    private ResponseHeaders() {
    }

    static List<HttpField> fields() {
        return FIELDS;
    }

    static void put(HttpFields.Mutable headers) {
        FIELDS.forEach(headers::put);
    }
}
