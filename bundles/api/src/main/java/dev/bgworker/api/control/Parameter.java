package dev.bgworker.api.control;

import static dev.bgworker.api.process.ErrorData.errcode;

import dev.bgworker.api.control.BackgroundWorker.Flag;
import dev.bgworker.api.control.BackgroundWorker.StartTime;
import dev.bgworker.api.process.ErrorException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One key of a definition's text form. {@link #ALL} is the table that maps PostgreSQL's words to Java members; those of
 * {@code bgw_extra} have keys of their own.
 *
 * @param get what a definition has; empty where it has nothing to say
 */
record Parameter<T>(String key, TextForm<T> form, BiConsumer<DefinitionDraft, T> set,
        Function<BackgroundWorker, Optional<T>> get) {

    /** In the order of {@code struct BackgroundWorker}, then what PostgreSQL has not. */
    static final List<Parameter<?>> ALL = List.of(
            always("bgw_name", TextForm.TEXT, (draft, it) -> draft.name = it, BackgroundWorker::name),
            always("bgw_type", TextForm.TEXT, (draft, it) -> draft.type = it, BackgroundWorker::type),
            always("bgw_flags", TextForm.several(Flag.class), (draft, it) -> draft.flags = it, BackgroundWorker::flags),
            always("bgw_start_time", TextForm.one(StartTime.class), (draft, it) -> draft.startTime = it,
                    BackgroundWorker::startTime),
            always("bgw_restart_time", TextForm.RESTART, (draft, it) -> draft.policy.delay = it,
                    worker -> worker.restart().delay()),
            always("bgw_library_name", TextForm.WORD, (draft, it) -> draft.library = it, BackgroundWorker::libraryName),
            always("bgw_function_name", TextForm.WORD, (draft, it) -> draft.function = it, BackgroundWorker::functionName),
            always("bgw_main_arg", TextForm.DATUM, (draft, it) -> draft.mainArg = it, BackgroundWorker::mainArg),
            always("bgw_notify_pid", TextForm.WHOLE, (draft, it) -> draft.notifyPid = it, BackgroundWorker::notifyPid),
            always("bgw_role", TextForm.TEXT, (draft, it) -> draft.role = it, BackgroundWorker::role),
            always("bgw_runs_in", TextForm.several(Server.State.class), (draft, it) -> draft.runsIn = it,
                    BackgroundWorker::runsIn),
            always("bgw_outlives_owner", TextForm.BOOLEAN, (draft, it) -> draft.outlivesOwner = it,
                    BackgroundWorker::outlivesOwner),
            backoff("backoff.factor", TextForm.NUMBER, (draft, it) -> draft.factor = it, RestartPolicy::factor),
            backoff("backoff.cap", TextForm.TIME, (draft, it) -> draft.cap = it, RestartPolicy::cap),
            backoff("backoff.jitter", TextForm.NUMBER, (draft, it) -> draft.jitter = it, RestartPolicy::jitter),
            backoff("backoff.healthy_after", TextForm.TIME, (draft, it) -> draft.healthyAfter = it,
                    RestartPolicy::healthyAfter),
            limit("limit.starts", TextForm.COUNT, (draft, it) -> draft.starts = it, RestartPolicy::maxStarts),
            limit("limit.window", TextForm.TIME, (draft, it) -> draft.window = it, RestartPolicy::window));

    private static <T> Parameter<T> always(String key, TextForm<T> form, BiConsumer<DefinitionDraft, T> set,
            Function<BackgroundWorker, T> get) {
        return new Parameter<>(key, form, set, worker -> Optional.of(get.apply(worker)));
    }

    private static <T> Parameter<T> backoff(String key, TextForm<T> form, BiConsumer<PolicyDraft, T> set,
            Function<RestartPolicy, T> get) {
        return ofPolicy(key, form, set, get, policy -> !policy.never()
                && !policy.equals(RestartPolicy.after(policy.delay()).limit(policy.maxStarts(), policy.window())));
    }

    private static <T> Parameter<T> limit(String key, TextForm<T> form, BiConsumer<PolicyDraft, T> set,
            Function<RestartPolicy, T> get) {
        return ofPolicy(key, form, set, get, policy -> !policy.never() && policy.maxStarts() != 0);
    }

    private static <T> Parameter<T> ofPolicy(String key, TextForm<T> form, BiConsumer<PolicyDraft, T> set,
            Function<RestartPolicy, T> get, Predicate<RestartPolicy> said) {
        return new Parameter<>(key, form, (draft, it) -> draft.policy.set(key, set, it),
                worker -> Optional.of(worker.restart()).filter(said).map(get));
    }

    void read(String text, DefinitionDraft into) {
        try {
            set.accept(into, form.parse().apply(text));
        } catch (IllegalArgumentException e) {
            throw new ErrorException(
                    errcode("22023", "invalid value for parameter \"" + key + "\": \"" + text + "\"").errhint(form.hint()),
                    e);
        }
    }

    Optional<String> print(BackgroundWorker worker) { return get.apply(worker).map(form.print()); }
}
