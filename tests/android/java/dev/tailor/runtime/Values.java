// What crosses, and as what.

package dev.tailor.runtime;

import static dev.tailor.runtime.Case.equal;
import static dev.tailor.runtime.Case.refused;
import static dev.tailor.runtime.Case.that;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

final class Values {
    private Values() {}

    static void fromScripts() {
        try (JsRuntime runtime = Main.made()) {
            equal(JsValue.UNDEFINED, runtime.eval("undefined"));
            equal(JsValue.NULL, runtime.eval("null"));
            equal(true, runtime.eval("true").toJava());
            equal(1.5, runtime.eval("3 / 2").toJava());
            equal(Double.NaN, runtime.eval("0 / 0").toJava());
            equal(-0.0, runtime.eval("-0").toJava());
            equal(7L, runtime.eval("7n").toJava());
            equal(Long.MIN_VALUE, runtime.eval("-(2n ** 63n)").toJava());
            equal(BigInteger.ONE.shiftLeft(63), runtime.eval("2n ** 63n").toJava());
            equal("é😀\0z", runtime.eval("'é😀\\0z'").toJava());
            equal("\ufffd", runtime.eval("'\\ud800'").toJava());
            equal(new byte[] {1, -1}, runtime.eval("new Uint8Array([1, 255])").toJava());
            equal(new byte[] {0, 0}, runtime.eval("new ArrayBuffer(2)").toJava());
            equal(new Date(86400000), runtime.eval("new Date(864e5)").toJava());
            equal(null, runtime.eval("new Date(NaN)").toJava());
            equal(Arrays.asList(1.0, null, Arrays.asList("a")), runtime.eval("[1, , ['a']]").toJava());
            equal(Arrays.asList(1.0, 2.0), runtime.eval("new Set([1, 2])").toJava());
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("b", 1.0);
            entries.put("__proto__", null);
            equal(entries, runtime.eval("({ b: 1, ['__proto__']: null })").toJava());
            equal(entries, runtime.eval("new Map([['b', 1], ['__proto__', null]])").toJava());
            equal(Arrays.asList("b", "a"), new ArrayList<>(runtime.eval("({ b: 1, a: 2 })").asMap().keySet()));
            JsValue function = runtime.eval("(function f() {})");
            equal(JsValue.Type.OTHER, function.type());
            that(function.toString().contains("f"), function.toString());
            equal(JsValue.Type.OTHER, runtime.eval("const c = []; c.push(c); c").get(0).type());
            JsException error = runtime.eval("new RangeError('far', { cause: new Error('why') })").asError();
            equal("RangeError", error.getName());
            equal("why", error.getCause().getMessage());
        }
    }

    static void toScripts() {
        try (JsRuntime runtime = Main.made()) {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("b", Arrays.asList(1, 'c', 2.5f));
            entries.put("__proto__", new StringBuilder("text"));
            Object[][] cases = {
                {null, "null"},
                {JsValue.UNDEFINED, "undefined"},
                {true, "true"},
                {1, "1"},
                {(short) 2, "2"},
                {(byte) -3, "-3"},
                {2.5f, "2.5"},
                {1L << 53, "9007199254740992"},
                {(1L << 53) + 1, "9007199254740993n"},
                {Long.MIN_VALUE, "-9223372036854775808n"},
                {BigInteger.ONE, "1n"},
                {"é😀\0", "\"é😀\\u0000\""},
                {new byte[] {1, -1}, "bytes 1,255"},
                {new Date(0), "date 0"},
                {new int[] {1, 2}, "[1,2]"},
                {new Object[] {"a", null}, "[\"a\",null]"},
                {new LinkedHashSet<>(Arrays.asList(3, 4)), "[3,4]"},
                {entries, "{\"b\":[1,\"c\",2.5],\"__proto__\":\"text\"}"},
                {new IllegalStateException("no"), "java.lang.IllegalStateException: no"},
                {new JsException("TypeError", "bad", "ERR_BAD"), "TypeError: bad ERR_BAD"},
            };
            runtime.eval("function shown(v) {"
                    + " if (typeof v === 'bigint') return v + 'n';"
                    + " if (v instanceof Uint8Array) return 'bytes ' + v;"
                    + " if (v instanceof Date) return 'date ' + v.getTime();"
                    + " if (v instanceof Error) return v + (v.code ? ' ' + v.code : '');"
                    + " return v === undefined ? 'undefined' : JSON.stringify(v); }");
            for (Object[] each : cases) {
                runtime.register("given", args -> each[0]);
                equal(each[1], runtime.eval("shown(given())").toJava());
                // As an argument, and back, it is what it would be by itself.
                runtime.register("taken", args -> args.get(0));
                equal(each[1], runtime.eval("shown(taken(given()))").toJava());
            }
        }
    }

    static void whatHasNoForm() {
        refused(IllegalArgumentException.class, "java.lang.Object", () -> JsValue.of(new Object()));
        refused(IllegalArgumentException.class, "java.lang.Thread", () -> JsValue.of(Arrays.asList(1, Thread.currentThread())));
        refused(IllegalArgumentException.class, "keys are strings", () -> JsValue.of(Collections.singletonMap(1, 2)));
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        refused(IllegalArgumentException.class, "200 deep", () -> JsValue.of(cycle));
        Map<String, Object> looped = new HashMap<>();
        looped.put("self", looped);
        refused(IllegalArgumentException.class, "200 deep", () -> JsValue.of(looped));
    }

    static void whatIsTooMuchIsRefused() {
        List<Object> graph = new ArrayList<>();
        for (int at = 0; at < 26; at++) {
            graph = Arrays.asList(graph, graph);
        }
        List<Object> dag = graph;
        refused(IllegalArgumentException.class, "4194304 parts", () -> JsValue.of(dag));
        refused(IllegalArgumentException.class, "4194304 parts", () -> JsValue.of(Collections.nCopies(1 << 23, null)));
        try (JsRuntime runtime = Main.made()) {
            runtime.register("graph", args -> dag);
            runtime.register("count", args -> args.size());
            Case.fails("Error", "4194304 parts", () -> runtime.eval("graph()"));
            // A length that is too much is refused before its parts are read. The walk of a graph has its test in Rust.
            Case.fails("RangeError", "4194304 parts", () -> runtime.eval("new Array(2 ** 23)"));
            Case.fails("RangeError", "4194304 parts", () -> runtime.eval("count(new Array(2 ** 23))"));
            Case.fails("RangeError", "200 levels", () -> runtime.eval("{ let d = 1; for (let n = 0; n < 1e4; n++) d = [d]; d }"));
            equal(2.0, runtime.eval("1 + 1").toJava());
        }
    }

    static void accessorsRefuseOtherTypes() {
        JsValue text = JsValue.of("text");
        refused(ClassCastException.class, "string, not number: text", text::asDouble);
        refused(ClassCastException.class, "not boolean", text::asBoolean);
        refused(ClassCastException.class, "not bytes", text::asBytes);
        refused(ClassCastException.class, "not date", text::asDate);
        refused(ClassCastException.class, "not array", () -> text.get(0));
        refused(ClassCastException.class, "not object", () -> text.get("a"));
        refused(ClassCastException.class, "not error", text::asError);
        refused(ClassCastException.class, "not bigint", text::asBigInteger);
        refused(ClassCastException.class, "undefined, not string", JsValue.UNDEFINED::asString);
        refused(ArithmeticException.class, "not an int", JsValue.of(0.5)::asInt);
        refused(ArithmeticException.class, "not an int", JsValue.of(1L << 40)::asInt);
        refused(ArithmeticException.class, "not a long", JsValue.of(Double.NaN)::asLong);
        refused(ArithmeticException.class, "not a long", JsValue.of(0x1p63)::asLong);
        refused(ArithmeticException.class, "not a long", JsValue.of(BigInteger.ONE.shiftLeft(63))::asLong);
    }

    static void accessorsGive() {
        equal(3, JsValue.of(3.0).asInt());
        equal(1L << 40, JsValue.of(1L << 40).asLong());
        equal(Long.MAX_VALUE, JsValue.of(Long.MAX_VALUE).asLong());
        equal(BigInteger.TEN, JsValue.of(BigInteger.TEN).asBigInteger());
        equal(new Date(5), JsValue.of(new Date(5)).asDate());
        JsValue list = JsValue.of(Arrays.asList("a", null));
        equal("a", list.get(0).asString());
        that(list.get(1).isNull() && list.get(2) == JsValue.UNDEFINED, "what is not there is undefined");
        that(list.get(-1) == JsValue.UNDEFINED, "and before it");
        JsValue map = JsValue.of(Collections.singletonMap("k", true));
        equal(true, map.get("k").asBoolean());
        that(map.get("other").isNull(), "no such key");
        refused(UnsupportedOperationException.class, "", () -> list.asList().add(JsValue.NULL));
        byte[] bytes = {1};
        JsValue kept = JsValue.of(bytes);
        bytes[0] = 2;
        kept.asBytes()[0] = 3;
        equal(new byte[] {1}, kept.asBytes());
        equal("3", JsValue.of(3).toString());
        equal("2.5", JsValue.of(2.5).toString());
        equal("[a, null]", list.toString());
        equal(JsValue.of(Arrays.asList("a", null)), list);
        equal(JsValue.of(Arrays.asList("a", null)).hashCode(), list.hashCode());
        equal(kept, JsValue.of(new byte[] {1}));
        equal(kept.hashCode(), JsValue.of(new byte[] {1}).hashCode());
        that(!JsValue.NULL.equals(JsValue.UNDEFINED), "null is not undefined");
    }

    static void aMegabyteEachWay() {
        try (JsRuntime runtime = Main.made()) {
            byte[] bytes = new byte[1 << 20];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) (at * 31);
            }
            runtime.register("bytes", args -> bytes);
            equal(bytes, runtime.eval("bytes()").asBytes());
            equal((double) bytes.length, runtime.eval("bytes().length").toJava());
            runtime.register("length", args -> args.get(0).asBytes().length);
            equal((double) bytes.length, runtime.eval("length(bytes())").toJava());
        }
    }
}
