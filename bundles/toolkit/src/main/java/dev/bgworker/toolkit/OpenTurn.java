package dev.bgworker.toolkit;

import dev.bgworker.api.process.Activity;
import dev.bgworker.api.process.Activity.State;
import dev.bgworker.api.process.ErrorException;
import dev.bgworker.api.process.Held;
import dev.bgworker.api.process.LockMode;
import dev.bgworker.api.process.Scope;
import dev.bgworker.api.process.Subprocess;
import dev.bgworker.api.spi.Session;
import dev.bgworker.api.spi.Session.Notification;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import static dev.bgworker.api.process.ErrorData.errcode;

/** The turn as its work sees it: the loop's scope, which the work cannot end. The worker's own thread only. */
final class OpenTurn implements MainLoop.Turn {

    private final Scope scope;
    private final Occasion occasion;
    private final Optional<Transactions> transactions;
    private final Activity activity;
    private final Agenda agenda;

    OpenTurn(Scope scope, Occasion occasion, Optional<Transactions> transactions, Activity activity, Agenda agenda) {
        this.scope = scope;
        this.occasion = occasion;
        this.transactions = transactions;
        this.activity = activity;
        this.agenda = agenda;
    }

    @Override
    public <T, X extends Exception> T inTransaction(Transactions.Work<T, X> work) throws X {
        return transactions().inTransaction(work);
    }

    @Override
    public Transactions transactions() {
        return transactions.orElseThrow(
                () -> new ErrorException(errcode("55000", "main loop has no database connection")
                        .errhint("Call connect() on the MainLoop before run().")));
    }

    @Override
    public Session session() { return transactions().session(); }

    @Override
    public Optional<Instant> scheduled() { return occasion.scheduled(); }

    @Override
    public List<Notification> notifications() { return occasion.notifications(); }

    @Override
    public Map<SelectableChannel, Integer> ready() { return occasion.ready(); }

    @Override
    public void again(Duration within) { agenda.again(within); }

    @Override
    public void report(String text) { activity.report(State.ACTIVE, text); }

    @Override
    public Scope open(String name) { return scope.open(name); }

    @Override
    public Held own(AutoCloseable resource) { return scope.own(resource); }

    @Override
    public FileChannel openFile(Path path, OpenOption... options) { return scope.openFile(path, options); }

    @Override
    public Subprocess openPipeStream(ProcessBuilder program) { return scope.openPipeStream(program); }

    @Override
    public Thread startThread(String name, Runnable work) { return scope.startThread(name, work); }

    @Override
    public Held on(Event event, Consumer<End> callback) { return scope.on(event, callback); }

    @Override
    public Held lock(String name, LockMode mode) { return scope.lock(name, mode); }

    @Override
    public Optional<Held> tryLock(String name, LockMode mode) { return scope.tryLock(name, mode); }

    @Override
    public void commit() { throw endsByItself("commit"); }

    @Override
    public void abort() { throw endsByItself("abort"); }

    @Override
    public void close() { throw endsByItself("close"); }

    private static ErrorException endsByItself(String call) {
        return new ErrorException(errcode("55000", "cannot " + call + " a turn of a main loop")
                .errdetail("It commits when its work returns and aborts when its work throws."));
    }
}
