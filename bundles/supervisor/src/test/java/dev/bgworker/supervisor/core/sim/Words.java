package dev.bgworker.supervisor.core.sim;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.supervisor.core.Action;
import java.time.Duration;

/** Decisions and details, short enough to read a thousand lines of them. */
final class Words {

    private Words() {}

    static String of(Action action) {
        if (action instanceof Action.Publish publish) {
            return "show #" + publish.worker().id() + " " + of(publish.details());
        } else if (action instanceof Action.Notify notify) {
            return "tell " + notify.pid() + " " + notify.kind() + " #" + notify.worker().id() + " " + of(notify.details());
        } else if (action instanceof Action.Launch launch) {
            return "launch #" + launch.worker().id() + " as " + launch.pid();
        } else if (action instanceof Action.Say say) {
            return "log " + say.level() + " " + say.text();
        } else if (action instanceof Action.Invalid invalid) {
            return "refused definitions: " + invalid.definitions().size();
        } else if (action instanceof Action.LeftBehind left) {
            return "left behind: " + left.workers().size();
        }
        return action.toString();
    }

    static String of(WorkerDetails details) {
        return details.definition().name() + " of " + details.definition().libraryName() + "/"
                + details.definition().functionName() + " " + details.state() + " " + details.status() + " slot "
                + details.slot() + "/" + details.generation()
                + (details.pid() == 0 ? "" : " pid " + details.pid()) + (details.ready() ? " ready" : "")
                + " exit " + details.exitStatus() + " restarts " + details.restarts()
                + details.nextStart().map(when -> " until " + Duration.between(Agenda.START, when)).orElse("")
                + (details.reason().isEmpty() ? "" : " (" + details.reason() + ")");
    }
}
