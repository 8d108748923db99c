package dev.bgworker.supervisor.library;

import dev.bgworker.api.Library;
import dev.bgworker.api.WorkerMain;
import dev.bgworker.api.control.BackgroundWorker;
import dev.bgworker.api.process.ErrorData;
import dev.bgworker.api.process.ErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.service.component.runtime.dto.ReferenceDTO;
import org.osgi.service.component.runtime.dto.UnsatisfiedReferenceDTO;

/** What the components of a bundle are, and why one cannot be had, as Declarative Services tells it. Thread-safe. */
final class Components {

    private final ServiceComponentRuntime scr;

    Components(ServiceComponentRuntime scr) { this.scr = scr; }

    /** Whether it has a function or a {@code _PG_init}. */
    boolean isLibrary(Bundle bundle) {
        return !of(bundle, WorkerMain.class).isEmpty() || !of(bundle, Library.class).isEmpty();
    }

    private Collection<ComponentDescriptionDTO> of(Bundle bundle, Class<?> service) {
        return scr.getComponentDescriptionDTOs(bundle).stream()
                .filter(each -> List.of(each.serviceInterfaces).contains(service.getName())).toList();
    }

    /** Names of components with that service. */
    List<String> names(Bundle bundle, Class<?> service) {
        return of(bundle, service).stream().map(each -> each.name).toList();
    }

    /**
     * Static workers by annotation.
     *
     * @param workers not yet checked
     * @param refused those that cannot be read, in outline, with the reason
     */
    record Annotated(List<BackgroundWorker> workers, Map<BackgroundWorker, ErrorData> refused) {}

    /** What is wrong with one costs none of the others. */
    Annotated annotated(Bundle bundle) {
        Annotated found = new Annotated(new ArrayList<>(), new LinkedHashMap<>());
        for (ComponentDescriptionDTO each : of(bundle, WorkerMain.class)) {
            if (each.properties.containsKey("bgw.name")) {
                try {
                    found.workers().add(AnnotatedWorker.read(each.properties, bundle.getSymbolicName(), each.name));
                } catch (ErrorException e) {
                    found.refused().put(AnnotatedWorker.outline(each.properties, bundle.getSymbolicName(), each.name),
                            e.data());
                }
            }
        }
        return found;
    }

    /** Functions that cannot be given now, with the reason. */
    Map<String, String> unsatisfied(Bundle bundle) {
        Map<String, String> reasons = new HashMap<>();
        for (ComponentDescriptionDTO each : of(bundle, WorkerMain.class)) {
            unsatisfied(each).ifPresent(why -> reasons.put(each.name, why));
        }
        return reasons;
    }

    /** As {@link #unsatisfied(Bundle)}, for its {@code _PG_init}. */
    Optional<String> unsatisfiedInit(Bundle bundle) {
        return of(bundle, Library.class).stream().map(this::unsatisfied).flatMap(Optional::stream).findFirst();
    }

    /** Why that component of the bundle is not satisfied; empty when it is, or when there is none. */
    Optional<String> unsatisfied(Bundle bundle, String component) {
        return Optional.ofNullable(scr.getComponentDescriptionDTO(bundle, component)).flatMap(this::unsatisfied);
    }

    private Optional<String> unsatisfied(ComponentDescriptionDTO component) {
        Collection<ComponentConfigurationDTO> configurations = scr.getComponentConfigurationDTOs(component);
        if (configurations.isEmpty()) {
            return Optional.of("component \"" + component.name + "\" is not enabled");
        }
        for (ComponentConfigurationDTO each : configurations) {
            if (each.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION) {
                return Optional.of("component \"" + component.name + "\" waits for its configuration "
                        + String.join(", ", component.configurationPid));
            }
            if (each.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE) {
                return Optional.of("component \"" + component.name + "\" waits for " + references(component, each));
            }
        }
        return Optional.empty();
    }

    private static String references(ComponentDescriptionDTO component, ComponentConfigurationDTO configuration) {
        List<String> missing = new ArrayList<>();
        for (UnsatisfiedReferenceDTO each : configuration.unsatisfiedReferences) {
            String type = "";
            for (ReferenceDTO reference : component.references) {
                type = reference.name.equals(each.name) ? reference.interfaceName : type;
            }
            missing.add("a service " + type + " (reference \"" + each.name + "\")");
        }
        return String.join(" and ", missing);
    }

    /** What its constructor or activate method threw last, whole, if it did. */
    Optional<String> failure(Bundle bundle, String component) {
        ComponentDescriptionDTO description = scr.getComponentDescriptionDTO(bundle, component);
        return description == null
                ? Optional.empty()
                : scr.getComponentConfigurationDTOs(description).stream().map(each -> each.failure)
                        .filter(each -> each != null)
                        .findFirst();
    }
}
