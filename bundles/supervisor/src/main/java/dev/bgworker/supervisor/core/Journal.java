package dev.bgworker.supervisor.core;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.supervisor.core.Action.Level;
import dev.bgworker.supervisor.core.Registration.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was decided and is still to be carried out, in order; lines of the server's log are decisions like others. */
final class Journal {

    private List<Action> actions = new ArrayList<>();

    void decide(Action action) { actions.add(action); }

    List<Action> take() {
        if (actions.isEmpty()) {
            return List.of();
        }
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    void say(Level level, String text) { say(level, text, Optional.empty()); }

    void say(Level level, String text, Optional<ErrorData> error) { decide(new Action.Say(level, text, error)); }

    void refused(String source, BackgroundWorker definition, ErrorData why) {
        say(Level.WARNING, source + ": background worker \"" + definition.name() + "\" is not registered", Optional.of(why));
    }

    /** R229: type, pid, status and what it ran last (R222); at DEBUG1 when all went well, or when it was asked to go. */
    void exit(Registration worker, long pid, Exit exit) {
        boolean asked = worker.stop != Stop.NONE;
        boolean expected = exit.status() == 0 || asked && exit.status() == 1 || worker.quit || worker.failures.repeated();
        say(expected ? Level.DEBUG1 : Level.LOG, "background worker \"" + worker.definition.type() + "\" (PID " + pid
                + ") exited with exit code " + exit.status()
                + (exit.status() == 0 || exit.running().isEmpty() ? "" : "; failed process was running: " + exit.running()));
        if (asked) {
            return; // what was counted is of the runs before
        }
        worker.failures.sayAgain().ifPresent(times -> say(Level.LOG, "background worker \"" + worker.definition.name()
                + "\" failed in the same way " + times + " times: " + exit.inWords()));
    }
}
