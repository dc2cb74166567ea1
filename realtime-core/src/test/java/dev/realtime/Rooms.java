package dev.realtime;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Files of imported classes: a class counts with the top-level class it is nested in. */
public final class Rooms {

    private Rooms() {}

    /** Returns the names of the files of each package. */
    public static Map<String, Set<String>> filesByPackage(JavaClasses classes) {
        Map<String, Set<String>> files = new TreeMap<>();
        for (JavaClass type : classes) {
            if (!type.getSimpleName().equals("package-info")) {
                files.computeIfAbsent(type.getPackageName(), room -> new TreeSet<>())
                        .add(file(type));
            }
        }
        return files;
    }

    /** Returns the groups of files of one package that depend on each other in a circle. */
    public static List<Set<String>> fileCycles(JavaClasses classes) {
        return fileCycles(classes, Map.of());
    }

    /** Returns the same groups where a sealed type and the types it permits, which are one idea, count as one file. */
    public static List<Set<String>> familyCycles(JavaClasses classes) {
        return fileCycles(classes, sealedFamilies(classes));
    }

    private static List<Set<String>> fileCycles(JavaClasses classes, Map<String, String> sealed) {
        Map<String, Set<String>> uses = new HashMap<>();
        for (JavaClass type : classes) {
            String from = family(sealed, type);
            Set<String> targets = uses.computeIfAbsent(from, file -> new TreeSet<>());
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().equals(type.getPackageName()))
                    .map(target -> family(sealed, target))
                    .filter(target -> !target.equals(from))
                    .forEach(targets::add);
        }
        List<Set<String>> cycles = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        for (String file : uses.keySet()) {
            if (placed.contains(file)) {
                continue;
            }
            Set<String> cycle = new TreeSet<>();
            for (String reached : reachable(uses, file)) {
                if (reachable(uses, reached).contains(file)) {
                    cycle.add(reached);
                }
            }
            if (!cycle.isEmpty()) {
                cycle.add(file);
                cycles.add(cycle);
                placed.addAll(cycle);
            }
        }
        return cycles;
    }

    private static Set<String> reachable(Map<String, Set<String>> uses, String from) {
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(uses.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (reached.add(next)) {
                open.addAll(uses.getOrDefault(next, Set.of()));
            }
        }
        return reached;
    }

    private static Map<String, String> sealedFamilies(JavaClasses classes) {
        Map<String, String> families = new HashMap<>();
        for (JavaClass type : classes) {
            Class<?>[] permitted = type.reflect().getPermittedSubclasses();
            if (permitted != null) {
                for (Class<?> subtype : permitted) {
                    families.put(subtype.getName(), file(type));
                }
            }
        }
        return families;
    }

    private static String family(Map<String, String> sealed, JavaClass type) {
        return sealed.getOrDefault(file(type), file(type));
    }

    private static String file(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
