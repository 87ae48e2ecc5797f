package org.dvs.helper.api;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Signals of Linux, by their numbers on x86, ARM and RISC-V. Source: signal(7). */
public enum Signal {
    HUP(1), INT(2), QUIT(3), ILL(4), TRAP(5), ABRT(6), BUS(7), FPE(8), KILL(9), USR1(10), SEGV(11), USR2(12), PIPE(13), ALRM(14),
    TERM(15), STKFLT(16), CHLD(17), CONT(18), STOP(19), TSTP(20), TTIN(21), TTOU(22), URG(23), XCPU(24), XFSZ(25), VTALRM(26),
    PROF(27), WINCH(28), IO(29), PWR(30), SYS(31);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** @param text {@code TERM}, {@code SIGTERM}, in any case, or {@code 15} */
    public static Optional<Signal> of(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        return Arrays.stream(values()).filter(each -> each.name().equals(name) || Integer.toString(each.number).equals(text))
                .findFirst();
    }
}
