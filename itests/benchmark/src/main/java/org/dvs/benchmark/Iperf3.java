package org.dvs.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes over one TCP connection on loopback by iperf3, where that is installed. */
final class Iperf3 {
    private static final Pattern RECEIVED = Pattern.compile("\"sum_received\":\\s*\\{[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");
    private static final int BITS = 8;
    private static final int END_S = 10;

    private Iperf3() {
    }

    /**
     * @param within words that run what follows them somewhere
     * @return seconds that the bytes took; empty without an iperf3
     */
    static OptionalDouble seconds(List<String> within, long bytes, int port) throws IOException, InterruptedException {
        Process server;
        try {
            server = start(within, "iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", String.valueOf(port), "--forceflush");
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
        try {
            BufferedReader lines = server.inputReader();
            String line = lines.readLine();
            while (line != null && !line.contains("listening")) {
                line = lines.readLine();
            }
            if (line == null) {
                // The words before it are there, and it is not.
                return OptionalDouble.empty();
            }
            Process client = start(within, "iperf3", "-c", "127.0.0.1", "-p", String.valueOf(port), "-n", String.valueOf(bytes),
                    "-J");
            String said = new String(client.getInputStream().readAllBytes());
            Matcher received = RECEIVED.matcher(said);
            if (client.waitFor() != 0 || !received.find()) {
                throw new IOException("iperf3: " + said);
            }
            return OptionalDouble.of(bytes * BITS / Double.parseDouble(received.group(1)));
        } finally {
            server.destroy();
            server.waitFor(END_S, TimeUnit.SECONDS);
        }
    }

    private static Process start(List<String> within, String... words) throws IOException {
        List<String> command = new ArrayList<>(within);
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
