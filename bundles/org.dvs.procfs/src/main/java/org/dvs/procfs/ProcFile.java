package org.dvs.procfs;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads files of {@code /proc} whole into one buffer that is used again and again, and finds values in it without making
 * strings: with thousands of processes the garbage would cost more than the reading. Used by one thread.
 */
public final class ProcFile {
    private static final int FIRST_SIZE = 8 * 1024;
    /** Nothing that is read here is larger; a file that is gets cut. */
    private static final int MAX_SIZE = 16 * 1024 * 1024;

    private byte[] bytes = new byte[FIRST_SIZE];
    private int length;

    /** @return false if the file is not there (any more) or may not be read: processes vanish while they are looked at */
    public boolean read(String path) {
        length = 0;
        try (FileInputStream in = new FileInputStream(path)) {
            while (true) {
                // Reads of up to 8 KiB go through a buffer on the stack, larger ones would allocate outside the heap.
                int got = in.read(bytes, length, Math.min(FIRST_SIZE, bytes.length - length));
                if (got < 0) {
                    return true;
                }
                length += got;
                if (length == bytes.length) {
                    if (length >= MAX_SIZE) {
                        return true;
                    }
                    bytes = Arrays.copyOf(bytes, length * 2);
                }
            }
        } catch (IOException e) {
            length = 0;
            return false;
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** All of it; what is not UTF-8 is replaced. */
    public String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * @param label what the line starts with, e.g. {@code VmRSS:}
     * @param index which number behind it, from 0
     * @return the number, or -1 if there is none
     */
    public long number(String label, int index) {
        int at = lineOf(label);
        if (at < 0) {
            return -1;
        }
        at += label.length();
        for (int skip = 0; skip <= index; skip++) {
            while (at < length && (bytes[at] == ' ' || bytes[at] == '\t')) {
                at++;
            }
            if (skip < index) {
                while (at < length && bytes[at] > ' ') {
                    at++;
                }
            }
        }
        return numberAt(at);
    }

    /** @return the number that starts there, or -1 if no digit stands there */
    public long numberAt(int at) {
        if (at >= length || !digit(bytes[at])) {
            return -1;
        }
        long number = 0;
        for (int i = at; i < length && digit(bytes[i]); i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }

    private int lineOf(String label) {
        int at = 0;
        while (at < length) {
            if (startsWith(label, at)) {
                return at;
            }
            while (at < length && bytes[at] != '\n') {
                at++;
            }
            at++;
        }
        return -1;
    }

    private boolean startsWith(String label, int at) {
        if (at + label.length() > length) {
            return false;
        }
        for (int i = 0; i < label.length(); i++) {
            if (bytes[at + i] != label.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean digit(byte value) {
        return value >= '0' && value <= '9';
    }
}
