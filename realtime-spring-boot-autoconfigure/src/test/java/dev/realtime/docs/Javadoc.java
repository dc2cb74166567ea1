package dev.realtime.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Findings about the Javadoc of Java sources, which are parsed by the compiler but not compiled. */
final class Javadoc {

    private static final Pattern QUESTION =
            Pattern.compile("(?s)\\s*(?:What|Whatever|Who|Whoever|Whose|How|Which|Where|Whether|When)\\b.*");

    private final DocTrees trees;

    private final List<String> questions = new ArrayList<>();

    private final List<String> undocumentedTypes = new ArrayList<>();

    private final List<String> undocumentedMethods = new ArrayList<>();

    private Javadoc(DocTrees trees) {
        this.trees = trees;
    }

    /**
     * Reads sources.
     *
     * @param files Java files
     * @param documented packages whose public methods document parameters and results; two dots include those below
     */
    static Javadoc read(List<Path> files, Set<String> documented) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    ignored -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            Javadoc javadoc = new Javadoc(DocTrees.instance(task));
            for (CompilationUnitTree unit : task.parse()) {
                javadoc.read(unit, documented);
            }
            return javadoc;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Types whose Javadoc opens with a question word instead of a noun phrase. */
    List<String> questions() {
        return questions;
    }

    /** Public types without Javadoc. */
    List<String> undocumentedTypes() {
        return undocumentedTypes;
    }

    /** Public methods and constructors of the documented packages without all {@code @param} and {@code @return}. */
    List<String> undocumentedMethods() {
        return undocumentedMethods;
    }

    private void read(CompilationUnitTree unit, Set<String> documented) {
        String name = String.valueOf(unit.getPackageName());
        boolean complete = documented.stream()
                .anyMatch(opened -> opened.endsWith("..")
                        ? (name + ".").startsWith(opened.substring(0, opened.length() - 1))
                        : name.equals(opened));
        new TreePathScanner<Void, Boolean>() {

            @Override
            public Void visitClass(ClassTree type, Boolean visible) {
                boolean isPublic = visible && isPublic(type.getModifiers().getFlags(), getCurrentPath());
                checkType(unit, getCurrentPath(), type, isPublic);
                return super.visitClass(type, isPublic);
            }

            @Override
            public Void visitMethod(MethodTree method, Boolean visible) {
                if (complete && visible && isPublic(method.getModifiers().getFlags(), getCurrentPath())) {
                    checkMethod(unit, getCurrentPath(), method);
                }
                return null;
            }
        }.scan(unit, true);
    }

    private static boolean isPublic(Set<Modifier> modifiers, TreePath path) {
        Tree parent = path.getParentPath().getLeaf();
        boolean inInterface = parent.getKind() == Tree.Kind.INTERFACE || parent.getKind() == Tree.Kind.ANNOTATION_TYPE;
        return modifiers.contains(Modifier.PUBLIC) || inInterface && !modifiers.contains(Modifier.PRIVATE);
    }

    private void checkType(CompilationUnitTree unit, TreePath path, ClassTree type, boolean isPublic) {
        if (type.getSimpleName().isEmpty()) {
            return;
        }
        String comment = trees.getDocComment(path);
        if (comment == null) {
            if (isPublic) {
                undocumentedTypes.add(place(unit, type) + type.getSimpleName());
            }
        } else if (QUESTION.matcher(comment).matches()) {
            String opening = comment.strip().lines().findFirst().orElse("");
            questions.add(place(unit, type) + type.getSimpleName() + ": " + opening);
        }
    }

    private void checkMethod(CompilationUnitTree unit, TreePath path, MethodTree method) {
        Tree owner = path.getParentPath().getLeaf();
        boolean overrides = method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
        if (overrides || owner.getKind() == Tree.Kind.ANNOTATION_TYPE) {
            return;
        }
        DocCommentTree comment = trees.getDocCommentTree(path);
        List<String> missing = missing(method, comment);
        if (!missing.isEmpty()) {
            undocumentedMethods.add(place(unit, method) + ((ClassTree) owner).getSimpleName() + "." + method.getName()
                    + ": " + String.join(", ", missing));
        }
    }

    private static List<String> missing(MethodTree method, @Nullable DocCommentTree comment) {
        if (comment != null && comment.toString().contains("{@inheritDoc}")) {
            return List.of();
        }
        Set<String> documented = comment == null
                ? Set.of()
                : comment.getBlockTags().stream()
                        .filter(ParamTree.class::isInstance)
                        .map(tag -> ((ParamTree) tag).getName().toString())
                        .collect(Collectors.toSet());
        Stream<String> parameters = method.getParameters().stream()
                .map(parameter -> parameter.getName().toString())
                .filter(parameter -> !documented.contains(parameter))
                .map(parameter -> "@param " + parameter);
        Tree result = method.getReturnType();
        boolean lacksResult = result != null && !result.toString().equals("void") && !documentsResult(comment);
        return Stream.concat(parameters, lacksResult ? Stream.of("@return") : Stream.empty())
                .toList();
    }

    private static boolean documentsResult(@Nullable DocCommentTree comment) {
        return comment != null
                && Stream.concat(comment.getFullBody().stream(), comment.getBlockTags().stream())
                        .anyMatch(part -> part.getKind() == DocTree.Kind.RETURN);
    }

    private String place(CompilationUnitTree unit, Tree tree) {
        Path file = Path.of(unit.getSourceFile().toUri());
        long position = trees.getSourcePositions().getStartPosition(unit, tree);
        return "%s:%d: "
                .formatted(Repository.ROOT.relativize(file), unit.getLineMap().getLineNumber(position));
    }
}
