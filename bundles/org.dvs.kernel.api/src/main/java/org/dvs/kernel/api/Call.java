package org.dvs.kernel.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The kernel's calls; the number is the bit in a process's set of allowed calls. Source: dvs-kernel reference 7.1. */
public enum Call {
    VOID(0), DC_INIT(1), SEND(2), RECEIVE(3), NOTIFY(4), SENDREC(5), RCVRQST(6), REPLY(7), DC_END(8), BIND(9), UNBIND(10),
    GETPRIV(11), SETPRIV(12), VCOPY(13), GETDCINFO(14), GETPROCINFO(15), RELAY(16), PROXIES_BIND(17), PROXIES_UNBIND(18),
    GETNODEINFO(19), PUT2LCL(20), GET2RMT(21), ADD_NODE(22), DEL_NODE(23), DVS_INIT(24), DVS_END(25), GETEP(26), GETDVSINFO(27),
    PROXY_CONN(28), WAIT4BIND(29), MIGRATE(30), NODE_UP(31), NODE_DOWN(32), GETPROXYINFO(33), WAKEUP(34);

    private static final Call[] ALL = values();

    private final int number;

    Call(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The bit in a set of calls. */
    public long bit() {
        return 1L << number;
    }

    /** As the original writes it: {@code sendrec}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static long bits(Call... calls) {
        long bits = 0;
        for (Call call : calls) {
            bits |= call.bit();
        }
        return bits;
    }

    /** All calls there are. */
    public static long allBits() {
        return (1L << ALL.length) - 1;
    }

    public static Set<Call> of(long bits) {
        EnumSet<Call> calls = EnumSet.noneOf(Call.class);
        for (Call call : ALL) {
            if ((bits & call.bit()) != 0) {
                calls.add(call);
            }
        }
        return calls;
    }
}
