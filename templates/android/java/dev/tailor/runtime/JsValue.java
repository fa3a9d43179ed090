package dev.tailor.runtime;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A value of JavaScript's, as data: a copy, which no script changes. It may be kept and shared between threads.
 *
 * <table>
 *   <caption>What crosses, and as what</caption>
 *   <tr><th>JavaScript</th><th>{@link #toJava()}</th><th>taken by {@link #of}</th></tr>
 *   <tr><td>undefined</td><td>null</td><td>{@link #UNDEFINED}</td></tr>
 *   <tr><td>null</td><td>null</td><td>null</td></tr>
 *   <tr><td>boolean</td><td>Boolean</td><td>Boolean</td></tr>
 *   <tr><td>number</td><td>Double</td><td>Double, Float, Integer, Short, Byte; a Long that a number holds exactly</td></tr>
 *   <tr><td>bigint</td><td>Long, or BigInteger when that is too small</td><td>any other Long, BigInteger</td></tr>
 *   <tr><td>string</td><td>String</td><td>CharSequence, Character</td></tr>
 *   <tr><td>ArrayBuffer, typed array, DataView</td><td>byte[]</td><td>byte[], as Uint8Array</td></tr>
 *   <tr><td>Date</td><td>Date, or null for an invalid one</td><td>Date</td></tr>
 *   <tr><td>array, Set</td><td>List</td><td>Collection, any other array</td></tr>
 *   <tr><td>object, Map</td><td>Map, in the order of the keys</td><td>Map whose keys are strings</td></tr>
 *   <tr><td>error</td><td>{@link JsException}</td><td>Throwable</td></tr>
 *   <tr><td>function, symbol, cycle</td><td>String, as {@code console.log} shows it</td><td></td></tr>
 * </table>
 *
 * <p>Values nest at most 200 deep and have at most 4,194,304 parts and 256 MiB; an object counts each time that it is reached. Half of a surrogate pair that stands alone in a string is replaced.
 */
public final class JsValue {
    /** {@code undefined}. */
    public static final JsValue UNDEFINED = new JsValue(Type.UNDEFINED, null);

    /** {@code null}. */
    public static final JsValue NULL = new JsValue(Type.NULL, null);

    /** What a value is. */
    public enum Type {
        /** {@code undefined}. */
        UNDEFINED,
        /** {@code null}. */
        NULL,
        /** A boolean. */
        BOOLEAN,
        /** A number. */
        NUMBER,
        /** A bigint. */
        BIGINT,
        /** A string. */
        STRING,
        /** The bytes of a buffer. */
        BYTES,
        /** A date. */
        DATE,
        /** An array. */
        ARRAY,
        /** An object with properties. */
        OBJECT,
        /** An error. */
        ERROR,
        /** What has no plain form, as text. */
        OTHER
    }

    private final Type type;
    // Boolean, Double, BigInteger, String, byte[], Double (milliseconds), List<JsValue>, Map<String, JsValue>, JsException or String.
    private final Object held;

    JsValue(Type type, Object held) {
        this.type = type;
        this.held = held;
    }

    /**
     * The value for one of Java's.
     *
     * @param value what the table above says, or a {@code JsValue}
     * @return the value
     * @throws IllegalArgumentException when it, or something in it, has no form in JavaScript
     */
    public static JsValue of(Object value) {
        return value instanceof JsValue ? (JsValue) value : Wire.readValue(Wire.value(value));
    }

    /**
     * What it is.
     *
     * @return the type
     */
    public Type type() {
        return type;
    }

    /**
     * Whether it is {@code null} or {@code undefined}.
     *
     * @return whether it is either
     */
    public boolean isNull() {
        return type == Type.NULL || type == Type.UNDEFINED;
    }

    /**
     * The boolean.
     *
     * @return the boolean
     * @throws ClassCastException when it is none
     */
    public boolean asBoolean() {
        return (Boolean) expect(Type.BOOLEAN);
    }

    /**
     * The number.
     *
     * @return the number
     * @throws ClassCastException when it is none
     */
    public double asDouble() {
        return (Double) expect(Type.NUMBER);
    }

    /**
     * The number, when it is whole and an {@code int} holds it.
     *
     * @return the number
     * @throws ClassCastException when it is no number
     * @throws ArithmeticException when it is not whole, or too large
     */
    public int asInt() {
        double number = asDouble();
        if ((int) number != number) {
            throw new ArithmeticException(number + " is not an int");
        }
        return (int) number;
    }

    /**
     * The number or bigint, when it is whole and a {@code long} holds it.
     *
     * @return the number
     * @throws ClassCastException when it is neither
     * @throws ArithmeticException when it is not whole, or too large
     */
    public long asLong() {
        if (type == Type.BIGINT) {
            BigInteger number = (BigInteger) held;
            if (number.bitLength() > 63) {
                throw new ArithmeticException(number + " is not a long");
            }
            return number.longValue();
        }
        double number = asDouble();
        // The largest long is no double: what rounds to it is too large.
        if ((long) number != number || number == 0x1p63) {
            throw new ArithmeticException(number + " is not a long");
        }
        return (long) number;
    }

    /**
     * The bigint.
     *
     * @return the bigint
     * @throws ClassCastException when it is none
     */
    public BigInteger asBigInteger() {
        return (BigInteger) expect(Type.BIGINT);
    }

    /**
     * The string.
     *
     * @return the string
     * @throws ClassCastException when it is none
     */
    public String asString() {
        return (String) expect(Type.STRING);
    }

    /**
     * The bytes, copied.
     *
     * @return the bytes
     * @throws ClassCastException when it has none
     */
    public byte[] asBytes() {
        return ((byte[]) expect(Type.BYTES)).clone();
    }

    /**
     * The date.
     *
     * @return the date
     * @throws ClassCastException when it is none
     * @throws ArithmeticException when it is an invalid one
     */
    public Date asDate() {
        double millis = (Double) expect(Type.DATE);
        if (Double.isNaN(millis)) {
            throw new ArithmeticException("the date is invalid");
        }
        return new Date((long) millis);
    }

    /**
     * The elements of an array.
     *
     * @return the elements, which cannot be changed
     * @throws ClassCastException when it is none
     */
    @SuppressWarnings("unchecked")
    public List<JsValue> asList() {
        return (List<JsValue>) expect(Type.ARRAY);
    }

    /**
     * The properties of an object, in their order.
     *
     * @return the properties, which cannot be changed
     * @throws ClassCastException when it is none
     */
    @SuppressWarnings("unchecked")
    public Map<String, JsValue> asMap() {
        return (Map<String, JsValue>) expect(Type.OBJECT);
    }

    /**
     * The error.
     *
     * @return the error
     * @throws ClassCastException when it is none
     */
    public JsException asError() {
        return (JsException) expect(Type.ERROR);
    }

    /**
     * An element of an array.
     *
     * @param index where it is
     * @return the element; {@link #UNDEFINED} where there is none
     * @throws ClassCastException when it is no array
     */
    public JsValue get(int index) {
        List<JsValue> items = asList();
        return index >= 0 && index < items.size() ? items.get(index) : UNDEFINED;
    }

    /**
     * A property of an object.
     *
     * @param key its name
     * @return the property; {@link #UNDEFINED} where there is none
     * @throws ClassCastException when it is no object
     */
    public JsValue get(String key) {
        JsValue found = asMap().get(Objects.requireNonNull(key, "key"));
        return found == null ? UNDEFINED : found;
    }

    /**
     * The value as Java has it, all the way down; copies of its own.
     *
     * @return what the table above says
     */
    public Object toJava() {
        switch (type) {
            case BIGINT:
                BigInteger number = (BigInteger) held;
                if (number.bitLength() > 63) {
                    return number;
                }
                return number.longValue();
            case BYTES:
                return asBytes();
            case DATE:
                return Double.isNaN((Double) held) ? null : asDate();
            case ARRAY:
                List<Object> items = new ArrayList<>(asList().size());
                for (JsValue item : asList()) {
                    items.add(item.toJava());
                }
                return items;
            case OBJECT:
                Map<String, Object> entries = new LinkedHashMap<>();
                for (Map.Entry<String, JsValue> entry : asMap().entrySet()) {
                    entries.put(entry.getKey(), entry.getValue().toJava());
                }
                return entries;
            default:
                return held;
        }
    }

    /**
     * Whether the other is a value of the same type and the same content. Two errors are equal only when they are one.
     *
     * @param other the other
     * @return whether they are equal
     */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof JsValue)) {
            return false;
        }
        JsValue that = (JsValue) other;
        return type == that.type && Objects.deepEquals(held, that.held);
    }

    @Override
    public int hashCode() {
        int content = held instanceof byte[] ? Arrays.hashCode((byte[]) held) : Objects.hashCode(held);
        return 31 * type.hashCode() + content;
    }

    /**
     * The value as text, for people: a string as it is, a whole number without a point.
     *
     * @return the text
     */
    @Override
    public String toString() {
        switch (type) {
            case UNDEFINED:
                return "undefined";
            case NUMBER:
                double number = (Double) held;
                return (int) number == number ? Integer.toString((int) number) : held.toString();
            case BYTES:
                return "byte[" + ((byte[]) held).length + "]";
            case DATE:
                Object date = toJava();
                return date == null ? "Invalid Date" : date.toString();
            default:
                return String.valueOf(held);
        }
    }

    Object held() {
        return held;
    }

    private Object expect(Type wanted) {
        if (type != wanted) {
            throw new ClassCastException(
                    "the value is " + word(type) + ", not " + word(wanted) + ": " + abbreviated());
        }
        return held;
    }

    private static String word(Type type) {
        return type.name().toLowerCase(java.util.Locale.ROOT);
    }

    private String abbreviated() {
        String text = toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
