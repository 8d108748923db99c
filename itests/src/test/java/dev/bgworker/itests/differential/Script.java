package dev.bgworker.itests.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** A case of a differential file. A value. */
record Script(String name, boolean oursAlone, List<Step> steps) {

    /** {@code expected} is null where success is enough to be expected. */
    record Step(String player, String verb, String argument, String expected) {

        static Step parse(String line) {
            String[] halves = line.split(" -> ", 2);
            String[] words = halves[0].trim().split(" ", 3);
            return new Step(words[0], words[1], words.length > 2 ? words[2] : "",
                    halves.length > 1 ? halves[1].trim() : null);
        }

        @Override
        public String toString() { return player + " " + verb + " " + argument; }
    }

    static List<Script> read(String resource) throws IOException {
        List<Script> scripts = new ArrayList<>();
        try (InputStream in = Script.class.getResourceAsStream("/differential/" + resource)) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                if (line.startsWith("== ")) {
                    boolean oursAlone = line.endsWith("[ours]");
                    scripts.add(new Script(line.substring(3).replace("[ours]", "").trim(), oursAlone, new ArrayList<>()));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    scripts.get(scripts.size() - 1).steps.add(Step.parse(line));
                }
            }
        }
        return scripts;
    }

    @Override
    public String toString() { return name; }
}
