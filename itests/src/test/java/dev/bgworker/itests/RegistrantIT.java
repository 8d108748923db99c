package dev.bgworker.itests;

import static dev.bgworker.itests.Host.patiently;
import static dev.bgworker.itests.DynamicWorkers.LONG;
import static dev.bgworker.itests.DynamicWorkers.define;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bgworker.api.Backend;
import dev.bgworker.api.control.BackgroundWorkerHandle;
import dev.bgworker.api.control.BackgroundWorkers;
import dev.bgworker.api.control.WorkerDetails.State;
import dev.bgworker.api.control.WorkerEvent;
import dev.bgworker.itests.workers.Idle;
import dev.bgworker.itests.workers.Registers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** What ties a dynamic worker to who registered it: ownership and notification. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RegistrantIT {

    @Inject
    private BundleContext context;
    private Host host;
    private DynamicWorkers dynamic;

    @Configuration
    public static Option[] host() { return new Option[]{Provisioned.host(RegistrantIT.class)}; }

    @Before
    public void dropLibrary() {
        host = new Host(context);
        dynamic = new DynamicWorkers(host.workers());
        if (host.file("simple.jar").isEmpty()) {
            host.drop(TestBundle.of("simple", "1.0.0").function("idle", Idle.class), "simple.jar");
        }
        host.awaitFile("simple.jar", "CURRENT");
    }

    @After
    public void terminateAll() throws InterruptedException { dynamic.terminateAll(); }

    @Test
    @Proves("R14")
    public void dynamicWorkerEndsWithTheBundleThatRegisteredItUnlessItOutlivesIt() throws Exception {
        Bundle owner = install(TestBundle.of("an_owner", "1.0.0"), "an_owner.jar");
        BackgroundWorkers service = Host.service(BackgroundWorkers.class, owner.getBundleContext());
        BackgroundWorkerHandle ends = service.register(define("ends", "simple", "idle").build());
        BackgroundWorkerHandle stays = service.register(define("stays", "simple", "idle").outlivesOwner().build());
        ends.awaitReady(LONG);
        long pid = stays.awaitReady(LONG).pid();
        assertThat(ends.details().owner()).isEqualTo("an_owner/1.0.0");

        owner.stop();
        ends.awaitShutdown(LONG);
        patiently().until(() -> ends.details().state() == State.STOPPED);
        assertThat(ends.details().reason()).contains("an_owner");
        assertThat(stays.details().pid()).isEqualTo(pid);
        owner.uninstall();
    }

    @Test
    @Proves("R14")
    public void ofTwoVersionsSideBySideTheStopOfOneIsNotTheOthers() throws Exception {
        Bundle one = install(TestBundle.of("versioned", "1.0.0"), "versioned-1.jar");
        Bundle two = install(TestBundle.of("versioned", "2.0.0"), "versioned-2.jar");
        BackgroundWorkerHandle ofOne = Host.service(BackgroundWorkers.class, one.getBundleContext())
                .register(define("of one", "simple", "idle").build());
        BackgroundWorkerHandle ofTwo = Host.service(BackgroundWorkers.class, two.getBundleContext())
                .register(define("of two", "simple", "idle").build());
        ofOne.awaitReady(LONG);
        long pid = ofTwo.awaitReady(LONG).pid();

        one.stop();

        patiently().until(() -> ofOne.details().state() == State.STOPPED);
        assertThat(ofOne.details().reason()).contains("versioned/1.0.0");
        assertThat(ofTwo.details().pid()).isEqualTo(pid);
        assertThat(ofTwo.details().owner()).isEqualTo("versioned/2.0.0");
        one.uninstall();
        two.uninstall();
        patiently().until(() -> ofTwo.details().state() == State.STOPPED);
    }

    @Test
    @Proves("R14")
    public void whatAWorkerRegistersIsItsLibrarysAndEndsWithThat() {
        host.drop(TestBundle.of("registering", "1.0.0").annotated("main", Registers.class, Map.of("name", "parent")),
                "registering.jar");
        assertThat(host.awaitReady("child of parent").owner()).isEqualTo("registering");

        host.remove("registering.jar");

        host.awaitGone("child of parent");
        host.awaitGone("parent");
    }

    @Test
    @Proves("R14")
    public void whatTheShellRegisteredStaysWhenTheShellStops() throws Exception {
        Bundle shell = Arrays.stream(context.getBundles())
                .filter(each -> "dev.bgworker.shell".equals(each.getSymbolicName())).findFirst().orElseThrow();
        BackgroundWorkerHandle handle = Host.service(BackgroundWorkers.class, shell.getBundleContext())
                .register(define("of the shell", "simple", "idle").build());
        long pid = handle.awaitReady(LONG).pid();
        assertThat(handle.details().owner()).isEqualTo("host");

        shell.stop();
        shell.start();

        assertThat(handle.details().pid()).isEqualTo(pid);
        assertThat(handle.details().state()).isEqualTo(State.RUNNING);
    }

    @Test
    @Proves("R56")
    public void registrantOfAForgottenWorkerIsToldSoAfterItsExit() throws Exception {
        Bundle owner = install(TestBundle.of("forgetful", "1.0.0"), "forgetful.jar");
        BackgroundWorkers service = Host.service(BackgroundWorkers.class, owner.getBundleContext());
        try (Backend me = host.backends().open("registrant")) {
            me.interrupts().unblock();
            BackgroundWorkerHandle handle = service
                    .register(define("forgotten", "simple", "idle").notifyPid(me.pid()).build());
            assertThat(List.of(next(me).kind(), next(me).kind())).containsExactly(WorkerEvent.Kind.STARTED,
                    WorkerEvent.Kind.READY);

            owner.stop();

            assertThat(next(me).kind()).isEqualTo(WorkerEvent.Kind.EXITED);
            WorkerEvent forgotten = next(me);
            assertThat(forgotten.kind()).isEqualTo(WorkerEvent.Kind.FORGOTTEN);
            assertThat(forgotten.worker()).isEqualTo(handle);
            assertThat(forgotten.details().reason()).contains("forgetful");
        }
        owner.uninstall();
    }

    private Bundle install(TestBundle bundle, String name) throws BundleException {
        Bundle installed = context.installBundle(bundle.write(host.scratch(name)).toUri().toString());
        installed.start();
        return installed;
    }

    @Test
    @Proves("R76")
    public void registrantIsToldOfEveryStepThroughItsInbox() throws InterruptedException {
        try (Backend me = host.backends().open("registrant")) {
            me.interrupts().unblock();
            BackgroundWorkerHandle handle = dynamic.register(define("told", "simple", "idle").notifyPid(me.pid()));

            assertThat(next(me).kind()).isEqualTo(WorkerEvent.Kind.STARTED);
            assertThat(next(me).kind()).isEqualTo(WorkerEvent.Kind.READY);
            handle.terminate();
            WorkerEvent exited = next(me);
            assertThat(exited.kind()).isEqualTo(WorkerEvent.Kind.EXITED);
            assertThat(exited.worker()).isEqualTo(handle);
            assertThat(exited.details().exitStatus()).isEqualTo(1);
        }
    }

    private static WorkerEvent next(Backend me) {
        for (int turn = 0; turn < 50; turn++) {
            me.latch().reset();
            var event = me.events().poll();
            if (event.isPresent()) {
                return event.get();
            }
            me.latch().await(LONG, "ItestsEvent");
        }
        throw new AssertionError("woken fifty times without an event");
    }

    @Test
    @Proves("R77")
    public void notifyPidOfNobodyIsZero() throws InterruptedException {
        BackgroundWorkerHandle handle = dynamic.register(define("nobody", "simple", "idle").notifyPid(987_654_321));

        assertThat(handle.awaitReady(LONG).definition().notifyPid()).isZero();
    }
}
