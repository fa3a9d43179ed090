// Runs the tests of the Java API: all cases, or those whose names contain the second argument. The first is a folder for their files.

package dev.tailor.runtime;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;

/** All tests. The status says whether they hold. */
public final class Main {
    private static final Class<?>[] CASES = {
        Values.class, Calls.class, Errors.class, Modules.class, Narrowed.class, Lives.class, Loops.class
    };

    private static File folder;

    private Main() {}

    /** The folder that the runtimes have. */
    static File folder() {
        return folder;
    }

    /** A runtime with all that it may have. */
    static JsRuntime made() {
        return JsRuntime.builder().directory(folder).build();
    }

    /**
     * Runs them.
     *
     * @param args a folder for files, and words that are in the names of the wanted
     * @throws Exception when a case cannot be called
     */
    public static void main(String[] args) throws Exception {
        folder = new File(args[0]);
        String wanted = args.length == 1 ? "" : args[1];
        int passed = 0;
        int failed = 0;
        for (Class<?> cases : CASES) {
            Method[] methods = cases.getDeclaredMethods();
            Arrays.sort(methods, Comparator.comparing(Method::getName));
            for (Method method : methods) {
                String name = cases.getSimpleName() + "." + method.getName();
                boolean isPart = method.isSynthetic() || Modifier.isPrivate(method.getModifiers());
                if (isPart || method.getParameterCount() != 0 || !name.contains(wanted)) {
                    continue;
                }
                try {
                    method.invoke(null);
                    System.out.println("ok " + name);
                    passed++;
                } catch (InvocationTargetException thrown) {
                    System.out.println("FAILED " + name);
                    thrown.getCause().printStackTrace(System.out);
                    failed++;
                }
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }
}
