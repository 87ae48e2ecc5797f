package org.dvs.agent.host.internal;

/** Values from outside as they may stand in an error's detail: quoted, short, without control characters. */
final class Shown {
    private static final int LONGEST = 80;

    private Shown() {
    }

    static String of(String value) {
        StringBuilder text = new StringBuilder("'");
        int end = Math.min(value.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char each = value.charAt(i);
            boolean plain = each >= ' ' && each != 0x7f && !(each >= 0x80 && each < 0xa0) && !Character.isSurrogate(each);
            text.append(plain ? String.valueOf(each) : String.format("\\u%04x", (int) each));
        }
        return text.append(end < value.length() ? "…'" : "'").toString();
    }

    /** The kind of failure; its text may hold a path a second time. */
    static String cause(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
