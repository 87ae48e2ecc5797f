package org.dvs.apps;

import java.io.PrintStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.dvs.api.DvsException;
import org.dvs.api.ErrorCode;
import org.dvs.client.DvsClient;

/** What the programs outside the container have in common: the socket, the help, numbers, errors in words and exit codes. */
public final class CommandLine {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int SILENT = 4;
    private static final int NO_KERNEL = 5;
    private static final int FORBIDDEN = 6;
    private static final int INTERRUPTED = 130;

    private final String name;
    private final String help;
    private final List<String> words;
    /** Words behind {@code --}: none of them is an option. */
    private final List<String> operands;

    private CommandLine(String name, String help, List<String> arguments) {
        this.name = name;
        this.help = help;
        int end = arguments.indexOf("--");
        words = new ArrayList<>(end < 0 ? arguments : arguments.subList(0, end));
        operands = end < 0 ? List.of() : arguments.subList(end + 1, arguments.size());
    }

    /** A program, once its words are understood. */
    @FunctionalInterface
    public interface Body {
        void run(DvsClient dvs, CommandLine words) throws DvsException;
    }

    /**
     * Runs a program.
     *
     * @return the exit code, as those of {@code dvs}: 0, 1 a call failed, 2 words not understood, 4 the other side is silent or
     *         cannot be reached, 5 no kernel at that socket, or no more, 6 not allowed, 130 interrupted
     */
    public static int run(String name, String help, String[] arguments, PrintStream out, PrintStream err, Body body) {
        CommandLine line = new CommandLine(name, help, List.of(arguments));
        if (line.words.contains("--help")) {
            out.print(help);
            return 0;
        }
        try {
            String socket = line.option("--socket", null);
            if (socket == null) {
                throw new IllegalArgumentException("--socket PATH is needed");
            }
            body.run(DvsClient.at(Path.of(socket)), line);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(line.name + ": " + e.getMessage());
            err.print(line.help);
            return USAGE;
        } catch (DvsException e) {
            return failed(e, err);
        } catch (RuntimeException e) {
            return failed(new DvsException(ErrorCode.GENERIC, line.name + ": " + e), err);
        }
    }

    private static int failed(DvsException failure, PrintStream err) {
        err.println(failure.code().code() + " " + failure.code().sentence() + " " + failure.getMessage());
        err.println("  Next: " + Advice.of(failure));
        return switch (failure.code()) {
            case CONNREFUSED, CONNRESET -> NO_KERNEL;
            case TIMEDOUT, NOTCONN, UNKNOWNOUTCOME, DSTNOTRCH -> SILENT;
            case PERM, ACCES, BADCALL, TRAPDENIED, PRIVILEGES -> FORBIDDEN;
            case INTR -> INTERRUPTED;
            default -> FAILED;
        };
    }

    /** Takes an option and its value from the words; they are two words, or one with {@code =} between. */
    public String option(String option, String byDefault) {
        String front = option + "=";
        for (String word : words) {
            if (word.startsWith(front)) {
                words.remove(word);
                return word.substring(front.length());
            }
        }
        int at = words.indexOf(option);
        if (at < 0) {
            return byDefault;
        }
        if (at + 1 == words.size()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        words.remove(at);
        return words.remove(at);
    }

    /** Takes a flag from the words. */
    public boolean flag(String flag) {
        return words.remove(flag);
    }

    /** @throws IllegalArgumentException if an option was given that means nothing to the role */
    public static void refuse(boolean given, String option, String role) {
        if (given) {
            throw new IllegalArgumentException(option + " means nothing to '" + role + "'");
        }
    }

    /** The first word; the rest is left. Flags and options are to be taken before. */
    public String role() {
        for (String word : words) {
            if (word.startsWith("--")) {
                throw new IllegalArgumentException("'" + word + "' is not an option");
            }
        }
        words.addAll(operands);
        return words.isEmpty() ? "" : words.remove(0);
    }

    public int size() {
        return words.size();
    }

    public String word(int index) {
        return words.get(index);
    }

    /** A DC or an endpoint. */
    public int number(int index) {
        return number("a DC's id or an endpoint", words.get(index), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** @throws IllegalArgumentException if it is none, or out of range */
    public static int number(String what, String word, int least, int most) {
        BigInteger number;
        try {
            number = new BigInteger(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + word + "' is not a number", e);
        }
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new IllegalArgumentException(what + ": " + word + " is not in range " + least + ".." + most);
        }
        return number.intValue();
    }

    /** The words are none of those that the help tells. */
    public IllegalArgumentException notUnderstood(String role) {
        return new IllegalArgumentException(role.isEmpty() ? "what to do is missing"
                : "'" + (role + " " + String.join(" ", words)).strip() + "' is not understood");
    }
}
