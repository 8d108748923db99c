package dev.bgworker.spi.functions;

import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkerHandle.Status;
import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Latch;
import dev.bgworker.spi.functions.Privileges.Deed;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static dev.bgworker.api.process.ErrorData.errcode;

/** Registering and terminating background workers by SQL. On the caller's thread. */
final class Workers {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private Workers() {}

    /** As worker_spi's {@code worker_spi_launch}; one that has to wait for server state or library is not waited for. */
    static Long launch(FunctionCaller caller, String library, String function, String[] options) {
        BackgroundWorker definition = LaunchOptions.definition(Privileges.of(caller), caller.entry().proc().pid(), library,
                function, options);
        BackgroundWorkerHandle handle = caller.host().workers().register(definition);
        WorkerDetails now = handle.details();
        if (now.state() == WorkerDetails.State.WAITING) {
            return null;
        }
        try {
            return pid(handle.awaitStartup(Latch.FOREVER));
        } catch (InterruptedException e) {
            throw Signals.interrupted(e);
        }
    }

    private static Long pid(WorkerDetails now) {
        if (now.status() == Status.STARTED) {
            return now.pid();
        } else if (now.status() == Status.POSTMASTER_DIED) {
            throw new ErrorException(errcode("57P01", "cannot start background processes without postmaster"));
        } else if (now.status() == Status.STOPPED && now.exitStatus() != 0) {
            throw new ErrorException(
                    errcode("55000", "could not start background worker \"" + now.definition().name() + "\"")
                            .errdetail("Its state is " + now.state() + ": " + now.lastError().map(ErrorData::message)
                                    .orElse(String.valueOf(now.reason())))
                            .errhint("More details may be available in the server log."));
        }
        return null;
    }

    static boolean terminate(FunctionCaller caller, String pidOrName) {
        List<BackgroundWorkerHandle> found = find(caller, pidOrName);
        if (found.isEmpty()) {
            LOG.warn("there is no background worker \"{}\"", pidOrName);
            return false;
        } else if (found.size() > 1) {
            throw new ErrorException(errcode("42725", found.size() + " background workers are named \"" + pidOrName + "\"")
                    .errdetail("Their pids are " + found.stream().map(one -> one.details().pid()).toList() + ".")
                    .errhint("Name the pid."));
        }
        Privileges.of(caller).checkMay(Deed.TERMINATE, roleOf(found.get(0).details()));
        found.get(0).terminate();
        return true;
    }

    /** What its sessions are without saying so; null for the superuser. */
    static String roleOf(WorkerDetails worker) {
        return worker.definition().role().isEmpty() ? null : worker.definition().role();
    }

    private static List<BackgroundWorkerHandle> find(FunctionCaller caller, String pidOrName) {
        List<BackgroundWorkerHandle> all = caller.host().workers().list();
        List<BackgroundWorkerHandle> byPid = pidOrName.matches("\\d{1,18}")
                ? matching(all, worker -> worker.pid() != 0 && worker.pid() == Long.parseLong(pidOrName))
                : List.of();
        return byPid.isEmpty() ? matching(all, worker -> worker.definition().name().equals(pidOrName)) : byPid;
    }

    private static List<BackgroundWorkerHandle> matching(List<BackgroundWorkerHandle> all, Predicate<WorkerDetails> wanted) {
        return all.stream().filter(each -> wanted.test(each.details())).toList();
    }
}
