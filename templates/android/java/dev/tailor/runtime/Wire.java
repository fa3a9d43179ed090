// The form in which values cross, as runtime-android/src/wire.rs says it.

package dev.tailor.runtime;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Values as bytes, and back. */
final class Wire {
    private static final byte UNDEFINED = 0;
    private static final byte NULL = 1;
    private static final byte FALSE = 2;
    private static final byte TRUE = 3;
    private static final byte NUMBER = 4;
    private static final byte BIGINT = 5;
    private static final byte STRING = 6;
    private static final byte BYTES = 7;
    private static final byte DATE = 8;
    private static final byte ARRAY = 9;
    private static final byte OBJECT = 10;
    private static final byte ERROR_VALUE = 11;
    private static final byte OTHER = 12;

    private static final byte VALUE = 0;
    private static final byte ERROR = 1;
    private static final byte PROMISE = 2;

    /** How deep values may nest. */
    private static final int DEPTH = 200;

    /** How many parts a value may have. An object counts each time that it is reached. */
    private static final int PARTS = 1 << 22;

    /** How many bytes a value may have. */
    private static final int ROOM = 256 << 20;

    /** How many causes of an error cross. */
    private static final int CAUSES = 16;

    /** The largest whole number of which a double holds all that are smaller. */
    private static final long EXACT = 1L << 53;

    private static final Charset UTF_8 = Charset.forName("UTF-8");

    private byte[] bytes = new byte[64];
    private int length;
    private int parts;

    private Wire() {}

    /** A value alone. */
    static byte[] value(Object value) {
        Wire out = new Wire();
        out.write(value, 0);
        return out.taken();
    }

    /** The answer that is a value. */
    static byte[] answer(Object value) {
        Wire out = new Wire();
        out.put(VALUE);
        out.write(value, 0);
        return out.taken();
    }

    /** The answer that is a promise. */
    static byte[] promise(long ticket) {
        Wire out = new Wire();
        out.put(PROMISE);
        out.putLong(ticket);
        return out.taken();
    }

    /** The answer of a function that threw: an error whose cause stands for the exception with this number. */
    static byte[] thrown(Throwable thrown, long number) {
        Wire out = new Wire();
        out.put(ERROR);
        JsException own = thrown instanceof JsException ? (JsException) thrown : null;
        out.putHead(own == null ? "Error" : own.getName(), words(thrown), own == null ? null : own.getCode());
        out.putLong(0);
        out.put((byte) 1);
        out.putHead(thrown.getClass().getName(), words(thrown), null);
        out.putLong(number);
        out.put((byte) 0);
        return out.taken();
    }

    static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static String words(Throwable thrown) {
        String message;
        try {
            message = thrown.getMessage();
        } catch (Throwable again) {
            // A class of the host's own may do anything there.
            message = null;
        }
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    private void write(Object value, int depth) {
        if (depth > DEPTH) {
            throw new IllegalArgumentException("a value that crosses into a runtime nests at most " + DEPTH + " deep");
        }
        expect(1);
        parts++;
        if (value == null) {
            put(NULL);
        } else if (value instanceof JsValue) {
            writeValue((JsValue) value, depth);
        } else if (value instanceof Boolean) {
            put((Boolean) value ? TRUE : FALSE);
        } else if (value instanceof CharSequence || value instanceof Character) {
            putBlock(STRING, value.toString().getBytes(UTF_8));
        } else if (value instanceof Long && !isExact((Long) value)) {
            putBlock(BIGINT, value.toString().getBytes(UTF_8));
        } else if (value instanceof BigInteger) {
            putBlock(BIGINT, value.toString().getBytes(UTF_8));
        } else if (isNumber(value)) {
            putNumber(NUMBER, ((Number) value).doubleValue());
        } else if (value instanceof byte[]) {
            putBlock(BYTES, (byte[]) value);
        } else if (value instanceof Date) {
            putNumber(DATE, ((Date) value).getTime());
        } else if (value instanceof Collection) {
            expect(((Collection<?>) value).size());
            writeItems(((Collection<?>) value).toArray(), depth);
        } else if (value instanceof Map) {
            writeEntries((Map<?, ?>) value, depth);
        } else if (value instanceof Throwable) {
            put(ERROR_VALUE);
            writeError((Throwable) value, 0);
        } else if (value.getClass().isArray()) {
            expect(Array.getLength(value));
            Object[] items = new Object[Array.getLength(value)];
            for (int at = 0; at < items.length; at++) {
                items[at] = Array.get(value, at);
            }
            writeItems(items, depth);
        } else if (value.getClass().getName().equals("kotlin.Unit")) {
            put(UNDEFINED);
        } else {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName() + " cannot cross into a runtime: only plain values can");
        }
    }

    private static boolean isExact(long number) {
        return number >= -EXACT && number <= EXACT;
    }

    private static boolean isNumber(Object value) {
        return value instanceof Double
                || value instanceof Float
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte;
    }

    private void writeValue(JsValue value, int depth) {
        switch (value.type()) {
            case UNDEFINED:
                put(UNDEFINED);
                break;
            case DATE:
                putNumber(DATE, (Double) value.held());
                break;
            case OTHER:
                putBlock(OTHER, ((String) value.held()).getBytes(UTF_8));
                break;
            default:
                // What it holds is what stands for it in Java.
                write(value.held(), depth);
        }
    }

    /** Refuses parts for which there is no room. */
    private void expect(int more) {
        if (more > PARTS - parts) {
            throw new IllegalArgumentException(
                    "a value that crosses into a runtime has at most " + PARTS + " parts; an object counts each time it is reached");
        }
    }

    private void writeItems(Object[] items, int depth) {
        expect(items.length);
        put(ARRAY);
        putInt(items.length);
        for (Object item : items) {
            write(item, depth + 1);
        }
    }

    private void writeEntries(Map<?, ?> entries, int depth) {
        // A copy: another thread may be changing the map, and then the count would lie.
        Object[] copy = entries.entrySet().toArray();
        expect(copy.length);
        put(OBJECT);
        putInt(copy.length);
        for (Object each : copy) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) each;
            if (!(entry.getKey() instanceof CharSequence)) {
                throw new IllegalArgumentException(
                        "the key " + entry.getKey() + " cannot cross into a runtime: keys are strings");
            }
            putText(entry.getKey().toString());
            write(entry.getValue(), depth + 1);
        }
    }

    private void writeError(Throwable error, int causes) {
        if (error instanceof JsException) {
            JsException own = (JsException) error;
            putHead(own.getName(), words(own), own.getCode());
        } else {
            putHead(error.getClass().getName(), words(error), null);
        }
        putLong(0);
        Throwable cause = causes < CAUSES - 1 ? cause(error) : null;
        put((byte) (cause == null ? 0 : 1));
        if (cause != null) {
            writeError(cause, causes + 1);
        }
    }

    private static Throwable cause(Throwable error) {
        try {
            return error.getCause();
        } catch (Throwable again) {
            // A class of the host's own may do anything there.
            return null;
        }
    }

    private void putHead(String name, String message, String code) {
        // It is none of the runtime's own.
        put((byte) 0);
        putText(name);
        putText(message);
        put((byte) (code == null ? 0 : 1));
        if (code != null) {
            putText(code);
        }
        // Its stack is the host's own business.
        put((byte) 0);
    }

    private void put(byte value) {
        room(1);
        bytes[length++] = value;
    }

    private void putInt(int value) {
        room(4);
        ByteBuffer.wrap(bytes).putInt(length, value);
        length += 4;
    }

    private void putLong(long value) {
        room(8);
        ByteBuffer.wrap(bytes).putLong(length, value);
        length += 8;
    }

    private void putNumber(byte tag, double number) {
        put(tag);
        putLong(Double.doubleToLongBits(number));
    }

    private void putText(String text) {
        byte[] encoded = text.getBytes(UTF_8);
        putInt(encoded.length);
        putAll(encoded);
    }

    private void putBlock(byte tag, byte[] block) {
        put(tag);
        putInt(block.length);
        putAll(block);
    }

    private void putAll(byte[] block) {
        room(block.length);
        System.arraycopy(block, 0, bytes, length, block.length);
        length += block.length;
    }

    private void room(int more) {
        if (more <= bytes.length - length) {
            return;
        }
        if ((long) length + more > ROOM) {
            throw new IllegalArgumentException("a value that crosses into a runtime has at most " + ROOM + " bytes");
        }
        long wanted = Math.max((long) length + more, 2L * bytes.length);
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, ROOM));
    }

    private byte[] taken() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Reads a value alone. */
    static JsValue readValue(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    /** Reads an array of values. */
    static List<JsValue> readList(byte[] bytes) {
        return readValue(bytes).asList();
    }

    /** Reads an answer: a value, or an error that is thrown. */
    static JsValue readAnswer(byte[] bytes, Bridge bridge) throws JsException {
        if (bytes == null) {
            throw new OutOfMemoryError("there is no memory for the result of a script");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() == VALUE) {
            return read(in);
        }
        throw readError(in, bridge);
    }

    private static JsValue read(ByteBuffer in) {
        byte tag = in.get();
        switch (tag) {
            case UNDEFINED:
                return JsValue.UNDEFINED;
            case NULL:
                return JsValue.NULL;
            case FALSE:
                return new JsValue(JsValue.Type.BOOLEAN, false);
            case TRUE:
                return new JsValue(JsValue.Type.BOOLEAN, true);
            case NUMBER:
                return new JsValue(JsValue.Type.NUMBER, in.getDouble());
            case BIGINT:
                return new JsValue(JsValue.Type.BIGINT, new BigInteger(readText(in)));
            case STRING:
                return new JsValue(JsValue.Type.STRING, readText(in));
            case BYTES:
                return new JsValue(JsValue.Type.BYTES, readBlock(in));
            case DATE:
                return new JsValue(JsValue.Type.DATE, in.getDouble());
            case ARRAY:
                int count = in.getInt();
                List<JsValue> items = new ArrayList<>(count);
                for (int at = 0; at < count; at++) {
                    items.add(read(in));
                }
                return new JsValue(JsValue.Type.ARRAY, Collections.unmodifiableList(items));
            case OBJECT:
                Map<String, JsValue> entries = new LinkedHashMap<>();
                for (int left = in.getInt(); left > 0; left--) {
                    String key = readText(in);
                    entries.put(key, read(in));
                }
                return new JsValue(JsValue.Type.OBJECT, Collections.unmodifiableMap(entries));
            case ERROR_VALUE:
                return new JsValue(JsValue.Type.ERROR, readError(in, null));
            case OTHER:
                return new JsValue(JsValue.Type.OTHER, readText(in));
            default:
                throw new IllegalStateException("the package's classes and its library are of different builds");
        }
    }

    /** The error that a script threw, with its causes. */
    private static JsException readError(ByteBuffer in, Bridge bridge) {
        return (JsException) readError(in, bridge, true);
    }

    /** An error with its causes. Where a cause stands for an exception of the host's, it is that exception. */
    private static Throwable readError(ByteBuffer in, Bridge bridge, boolean isFirst) {
        boolean isRuntimes = in.get() != 0;
        String name = readText(in);
        String message = readText(in);
        String code = in.get() == 0 ? null : readText(in);
        String stack = in.get() == 0 ? null : readText(in);
        long number = in.getLong();
        Throwable exception = number == 0 || bridge == null ? null : bridge.take(number);
        Throwable cause = in.get() == 0 ? null : readError(in, bridge, false);
        if (exception != null && !isFirst) {
            return exception;
        }
        if (isRuntimes) {
            return new JsRuntimeException(name, message, code, stack, cause);
        }
        return new JsException(name, message, code, stack, exception == null ? cause : exception);
    }

    private static String readText(ByteBuffer in) {
        int length = in.getInt();
        String text = new String(in.array(), in.position(), length, UTF_8);
        in.position(in.position() + length);
        return text;
    }

    private static byte[] readBlock(ByteBuffer in) {
        byte[] block = new byte[in.getInt()];
        in.get(block);
        return block;
    }
}
