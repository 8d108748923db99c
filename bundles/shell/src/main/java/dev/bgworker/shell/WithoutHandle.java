package dev.bgworker.shell;

import dev.bgworker.api.control.WorkerDetails;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.process.ErrorData;
import java.util.List;

/** What is told of a worker that bgw:list shows and no order reaches, for it is not registered: INVALID or left behind. Pure. */
final class WithoutHandle {

    private WithoutHandle() {}

    /** The failure, or a better one when the name is that of such a worker. */
    static CommandFailure explain(CommandFailure failure, Arguments given, List<WorkerDetails> listed) {
        if (failure.status() != CommandFailure.UNKNOWN) {
            return failure;
        }
        String name = given.onlyOperand().orElse("");
        return listed.stream().filter(worker -> worker.definition().name().equals(name)).map(WithoutHandle::failure)
                .findFirst().orElse(failure);
    }

    private static CommandFailure failure(WorkerDetails worker) {
        String subject = "background worker \"" + worker.definition().name() + "\" ";
        ErrorData told = worker.state() == State.INVALID
                ? ErrorData.errcode("55000", subject + "is not registered, its definition is refused")
                        .errdetail("It comes from " + worker.owner() + "; the reason is: " + worker.reason())
                        .errhint("Correct the definition there; it is read again when the file or library changes.")
                : ErrorData.errcode("55000", subject + "is not registered any more, only its thread is left")
                        .errdetail("Its state is " + worker.state()
                                + (worker.reason().isEmpty() ? "." : ": " + worker.reason()))
                        .errhint("The server log has its stack; it is gone from bgw:list when that thread ends.");
        return new CommandFailure(CommandFailure.FAILED, told);
    }
}
