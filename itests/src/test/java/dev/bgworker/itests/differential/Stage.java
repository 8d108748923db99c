package dev.bgworker.itests.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.itests.differential.Script.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Plays scripts with two players, each on a thread of its own. The test's thread alone. */
final class Stage implements AutoCloseable {

    /** What is done before each case, on either engine. */
    static final List<String> CLEAN = List.of("DELETE FROM child", "DELETE FROM t", "DELETE FROM u",
            "INSERT INTO t VALUES (1, 10), (2, 20)");
    static final List<String> SCHEMA = List.of("CREATE TABLE t (k INT PRIMARY KEY, v INT)",
            "CREATE TABLE u (a INT CHECK (a > 0))", "CREATE TABLE child (k INT REFERENCES t (k))",
            "CREATE SEQUENCE numbers");

    private static final long PATIENCE_SECONDS = 30;

    private final Map<String, ExecutorService> threads = new HashMap<>();
    private final Map<String, Player> players = new HashMap<>();
    private final Map<String, Future<String>> begun = new HashMap<>();

    Stage(Callable<Player> player) throws Exception {
        for (String name : List.of("A", "B")) {
            ExecutorService thread = Executors.newSingleThreadExecutor(work -> new Thread(work, "player " + name));
            threads.put(name, thread);
            players.put(name, thread.submit(player).get());
        }
        SCHEMA.forEach(sql -> assertThat(run("A", sql)).as(sql).doesNotStartWith("!"));
    }

    void play(Script script) {
        CLEAN.forEach(sql -> assertThat(run("A", sql)).as(sql).doesNotStartWith("!"));
        try {
            script.steps().forEach(this::play);
        } finally {
            players.forEach((name, player) -> of(threads.get(name).submit(() -> {
                player.end();
                return "";
            })));
        }
    }

    private void play(Step step) {
        if (step.player().equals("both")) {
            List<String> outcomes = List.of(of(begun.remove("A")), of(begun.remove("B")));
            List<String> victims = outcomes.stream().filter(each -> each.startsWith("!")).toList();
            assertThat(victims).as(outcomes.toString()).hasSize(1);
            assertThat(step.expected()).contains(victims.get(0));
            return;
        }
        String outcome = switch (step.verb()) {
            case "do&" -> begin(step);
            case "await" -> of(begun.remove(step.player()));
            default -> of(threads.get(step.player()).submit(() -> act(players.get(step.player()), step)));
        };
        if (step.expected() == null) {
            assertThat(outcome).as(step.toString()).doesNotStartWith("!");
        } else {
            assertThat(outcome).as(step.toString()).isEqualTo(step.expected());
        }
    }

    /** Returns once the player's thread has it; whether it waits by the time of the next step changes no outcome. */
    private String begin(Step step) {
        begun.put(step.player(),
                threads.get(step.player()).submit(() -> players.get(step.player()).run(step.argument(), false)));
        return "";
    }

    private static String act(Player player, Step step) {
        return switch (step.verb()) {
            case "begin" -> player.begin(step.argument().isEmpty() ? new String[0] : step.argument().split(" "));
            case "commit" -> player.commit();
            case "abort" -> player.abort();
            case "sub" -> player.sub();
            case "release" -> player.release();
            case "rollback" -> player.rollback();
            case "take" -> player.take(step.argument());
            case "push" -> player.push(step.argument());
            case "pop" -> player.pop();
            case "do" -> player.run(step.argument(), false);
            case "read" -> player.run(step.argument(), true);
            case "end" -> {
                player.end();
                yield "";
            }
            default -> throw new IllegalArgumentException(step.toString());
        };
    }

    private String run(String player, String sql) {
        return of(threads.get(player).submit(() -> players.get(player).run(sql, false)));
    }

    private static String of(Future<String> outcome) {
        try {
            return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        players.forEach((name, player) -> of(threads.get(name).submit(() -> {
            player.close();
            return "";
        })));
        threads.values().forEach(ExecutorService::shutdown);
    }
}
