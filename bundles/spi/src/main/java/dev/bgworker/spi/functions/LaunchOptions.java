package dev.bgworker.spi.functions;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.DefinitionText;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The definition that SQL gives: library, function, then keys and values of its text form by turns. Pure. */
final class LaunchOptions {

    private LaunchOptions() {}

    /**
     * As whom it runs is the caller's role, unless a superuser says otherwise.
     *
     * @param pid of the caller, the one process that it may have notified unless it is a superuser
     */
    static BackgroundWorker definition(Privileges caller, long pid, String library, String function, String[] options) {
        List<Map.Entry<String, String>> texts = new ArrayList<>();
        add(texts, "bgw_library_name", library);
        add(texts, "bgw_function_name", function);
        if (options.length % 2 != 0) {
            throw new ErrorException(errcode("22023", "option list must have even number of elements")
                    .errdetail("It has " + options.length + ".")
                    .errhint("Write keys and values by turns: 'bgw_main_arg', '4', 'bgw_restart_time', 'never'."));
        }
        for (int i = 0; i < options.length; i += 2) {
            add(texts, options[i], options[i + 1]);
        }
        BackgroundWorker said = DefinitionText.parse(texts);
        return caller.superuser() ? said : asItself(caller, pid, said);
    }

    private static void add(List<Map.Entry<String, String>> texts, String key, String value) {
        if (key == null || value == null) {
            throw new ErrorException(errcode("22004", key == null
                    ? "an option must not be null"
                    : "value of parameter \"" + key + "\" must not be null"));
        }
        texts.add(Map.entry(key, value));
    }

    private static BackgroundWorker asItself(Privileges caller, long pid, BackgroundWorker said) {
        if (!said.role().isEmpty() && !said.role().equals(caller.role())) {
            throw Privileges.denied("launch a background worker as role \"" + said.role() + "\"",
                    "Only roles with the SUPERUSER attribute may launch one as another role.");
        } else if (said.notifyPid() != 0 && said.notifyPid() != pid) {
            throw Privileges.denied("have process " + said.notifyPid() + " notified",
                    "Only roles with the SUPERUSER attribute may set \"bgw_notify_pid\" to another process.");
        }
        return new BackgroundWorker(said.name(), said.type(), said.flags(), said.startTime(), said.restart(),
                said.libraryName(), said.functionName(), said.mainArg(), said.extra(), said.notifyPid(), caller.role(),
                said.runsIn(), said.outlivesOwner());
    }
}
