package org.dvs.helper.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The beginning of one output stream; what is past the limit is read and dropped, so that the program is not held up. */
final class OutputBuffer {
    private final int limit;
    private final byte[] chunk;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean truncated;

    /**
     * @param limit bytes kept
     * @param chunk to read into; may be shared by buffers of the same thread
     */
    OutputBuffer(int limit, byte[] chunk) {
        this.limit = limit;
        this.chunk = chunk;
    }

    /** Takes what is there now, without waiting. @return true if there was anything */
    boolean drain(InputStream in) throws IOException {
        boolean any = false;
        int ready;
        while ((ready = in.available()) > 0) {
            int got = in.read(chunk, 0, Math.min(ready, chunk.length));
            if (got < 0) {
                return any;
            }
            any = true;
            int taken = Math.min(got, limit - kept.size());
            kept.write(chunk, 0, taken);
            truncated |= taken < got;
        }
        return any;
    }

    boolean truncated() {
        return truncated;
    }

    /** UTF-8; what is not is replaced. The text does not take more than the limit when it is UTF-8 again. */
    String text() {
        String text = kept.toString(StandardCharsets.UTF_8);
        if (truncated && text.endsWith("\ufffd")) {
            text = text.substring(0, text.length() - 1);
        }
        // A replaced byte has become three.
        while (text.getBytes(StandardCharsets.UTF_8).length > limit) {
            truncated = true;
            int end = Math.max(text.length() / 2, text.length() - 1024);
            text = text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
        }
        return text;
    }
}
