//! `TextEncoder`, `TextDecoder`, `atob` and `btoa` as scripts see them.

use runtime_core::{JsRuntime, Limits};

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    runtime_laws::scripts::check(
        &module_encoding::MODULE,
        "globalThis.decode = (label, bytes, options) => \
             new TextDecoder(label, options).decode(new Uint8Array(bytes))",
        rows,
    );
}

#[test]
fn text_becomes_bytes() {
    check(&[
        (
            "return new TextEncoder().encode('aé€😀')",
            "97,195,169,226,130,172,240,159,152,128",
        ),
        (
            "return new TextEncoder().encode('\\ud800a\\udc00')",
            "239,191,189,97,239,191,189",
        ),
        ("return new TextEncoder().encode().length", "0"),
        ("return new TextEncoder().encode(undefined).length", "0"),
        ("return new TextEncoder().encode(null)", "110,117,108,108"),
        (
            "return new TextEncoder().encode('a') instanceof Uint8Array",
            "true",
        ),
        (
            "return new TextEncoder().encode({ toString: () => 'x' })",
            "120",
        ),
        (
            "return thrown(() => new TextEncoder().encode(Symbol()))",
            "TypeError",
        ),
        ("return new TextEncoder().encoding", "utf-8"),
    ]);
}

#[test]
fn text_is_written_into_an_array_as_far_as_it_fits() {
    check(&[
        (
            "const a = new Uint8Array(4); const r = new TextEncoder().encodeInto('a€b', a.subarray(1)); \
             return [r.read, r.written, ...a]",
            "1,1,0,97,0,0",
        ),
        (
            "const a = new Uint8Array(4); const r = new TextEncoder().encodeInto('😀a', a); return [r.read, r.written, ...a]",
            "2,4,240,159,152,128",
        ),
        (
            "const a = new Uint8Array(new SharedArrayBuffer(4), 1, 2); \
             const r = new TextEncoder().encodeInto('abc', a); return [r.read, r.written, ...a]",
            "2,2,97,98",
        ),
        (
            "const a = new Uint8Array(new ArrayBuffer(8, { maxByteLength: 8 }), 4, 4); a.buffer.resize(2); \
             const r = new TextEncoder().encodeInto('abc', a); return [r.read, r.written]",
            "0,0",
        ),
        (
            "return [new Int8Array(1), new Uint8ClampedArray(1), new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), [], {}, null] \
                 .map((to) => thrown(() => new TextEncoder().encodeInto('a', to)))",
            "TypeError,TypeError,TypeError,TypeError,TypeError,TypeError,TypeError",
        ),
        (
            "let asked = 0; const source = { toString: () => { asked += 1; return 'a'; } }; \
             return [thrown(() => new TextEncoder().encodeInto(source)), asked]",
            "TypeError,0",
        ),
    ]);
}

#[test]
fn bytes_become_text() {
    check(&[
        (
            "return decode(undefined, [97, 195, 169, 226, 130, 172, 240, 159, 152, 128])",
            "aé€😀",
        ),
        ("return decode('utf-8', [0xef, 0xbb, 0xbf, 97])", "a"),
        (
            "return decode('utf-8', [0xef, 0xbb, 0xbf, 97], { ignoreBOM: true })",
            "\u{feff}a",
        ),
        (
            "return decode('utf-8', [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf])",
            "\u{feff}",
        ),
        ("return decode('utf-8', [0xf0, 0x9f, 0x41])", "\u{fffd}A"),
        (
            "return decode('utf-16le', [0xff, 0xfe, 0x41, 0, 0x3d, 0xd8, 0, 0xde])",
            "A😀",
        ),
        ("return decode('utf-16be', [0, 0x41, 0xd8])", "A\u{fffd}"),
        ("return decode('utf-16', [0xfe, 0xff])", "\u{fffe}"),
        (
            "return thrown(() => decode('utf-8', [0xff], { fatal: true }))",
            "TypeError",
        ),
        (
            "return thrown(() => decode('utf-16le', [0], { fatal: true }))",
            "TypeError",
        ),
        ("return new TextDecoder().decode()", ""),
        ("return new TextDecoder().decode(undefined, undefined)", ""),
        (
            "return thrown(() => new TextDecoder().decode(null))",
            "TypeError",
        ),
        (
            "return thrown(() => new TextDecoder().decode([97]))",
            "TypeError",
        ),
        (
            "return thrown(() => new TextDecoder().decode('a'))",
            "TypeError",
        ),
    ]);
}

#[test]
fn every_buffer_and_every_view_is_read() {
    check(&[
        (
            "const { buffer } = new Uint8Array([97, 98, 99, 100]); const read = (from) => new TextDecoder().decode(from); \
             return [buffer, new Uint8Array(buffer, 1, 2), new Uint16Array(buffer, 2), new DataView(buffer, 3)].map(read)",
            "abcd,bc,cd,d",
        ),
        (
            "const shared = new SharedArrayBuffer(3); new Uint8Array(shared).set([97, 98, 99]); \
             return [shared, new Uint8Array(shared, 1), new DataView(shared, 2)].map((from) => new TextDecoder().decode(from))",
            "abc,bc,c",
        ),
        (
            "const buffer = new ArrayBuffer(4, { maxByteLength: 4 }); \
             const array = new Uint8Array(buffer, 0, 4), view = new DataView(buffer, 0, 4); buffer.resize(0); return [buffer, array, view].map((from) => new TextDecoder().decode(from).length)",
            "0,0,0",
        ),
        (
            "const array = new Uint8Array([97]); \
             return new TextDecoder().decode(array, { get stream() { array[0] = 98; return false; } })",
            "b",
        ),
        (
            "const array = new Uint8Array(new ArrayBuffer(1, { maxByteLength: 1 })); \
             return new TextDecoder().decode(array, { get stream() { array.buffer.resize(0); return false; } }).length",
            "0",
        ),
    ]);
}

#[test]
fn a_stream_keeps_what_is_not_complete() {
    check(&[
        (
            "const decoder = new TextDecoder(); const next = (...bytes) => decoder.decode(new Uint8Array(bytes), { stream: true }); \
             return JSON.stringify([next(0xe2), next(0x82), next(0xac), next(0xe2), next(0x41), next(0xf0), decoder.decode()])",
            "[\"\",\"\",\"€\",\"\",\"\u{fffd}A\",\"\",\"\u{fffd}\"]",
        ),
        (
            "const decoder = new TextDecoder(); const next = (...bytes) => decoder.decode(new Uint8Array(bytes), { stream: true }); \
             return [next(0xef, 0xbb), next(0xbf, 97), next(0xef, 0xbb, 0xbf).length, decoder.decode(), \
                     next(0xef, 0xbb, 0xbf).length]",
            ",a,1,,0",
        ),
        (
            "const decoder = new TextDecoder('utf-8', { fatal: true }); \
             const first = thrown(() => decoder.decode(new Uint8Array([0xc3, 0x41]), { stream: true })); \
             return [first, decoder.decode(new Uint8Array([97]))]",
            "TypeError,a",
        ),
    ]);
}

#[test]
fn a_label_names_an_encoding() {
    check(&[
        ("return new TextDecoder(' UTF8\\n').encoding", "utf-8"),
        ("return new TextDecoder('ucs-2').encoding", "utf-16le"),
        (
            "const d = new TextDecoder(undefined, { fatal: 1 }); return [d.encoding, d.fatal, d.ignoreBOM]",
            "utf-8,true,false",
        ),
        (
            "const d = new TextDecoder('utf-8', null); return [d.fatal, d.ignoreBOM]",
            "false,false",
        ),
        (
            "return ['', 'utf-9', 'replacement', null].map((label) => thrown(() => new TextDecoder(label)))",
            "RangeError,RangeError,RangeError,RangeError",
        ),
        (
            "return thrown(() => new TextDecoder('utf-8', 1))",
            "TypeError",
        ),
        (
            "const seen = []; const label = { toString: () => { seen.push('label'); return 'utf-8'; } }; \
             new TextDecoder(label, { get ignoreBOM() { seen.push('ignoreBOM'); }, get fatal() { seen.push('fatal'); } }); \
             return seen",
            "label,fatal,ignoreBOM",
        ),
    ]);
}

#[test]
fn a_legacy_encoding_is_decoded() {
    check(&[
        ("return new TextDecoder('ascii').encoding", "windows-1252"),
        (
            "return decode('shift_jis', [0x93, 0xfa, 0x96, 0x7b])",
            "日本",
        ),
        ("return decode('latin1', [0x80, 0xe9])", "€é"),
        (
            "return thrown(() => decode('euc-kr', [0x81], { fatal: true }))",
            "TypeError",
        ),
    ]);
}

#[test]
fn base64_is_read_and_written() {
    check(&[
        ("return btoa('abé')", "YWLp"),
        ("return btoa('')", ""),
        ("return btoa(undefined)", "dW5kZWZpbmVk"),
        ("return atob('YWLp')", "abé"),
        ("return atob(' Y W\\tLp\\n')", "abé"),
        ("return atob(null)", "\u{9e}\u{e9}e"),
        (
            "return ['a', 'ab=', '=', '-_', '\\ud800', 'é'].map((text) => thrown(() => atob(text)))",
            "InvalidCharacterError,InvalidCharacterError,InvalidCharacterError,InvalidCharacterError,InvalidCharacterError,InvalidCharacterError",
        ),
        (
            "return ['Ā', '\\ud800', '😀'].map((text) => thrown(() => btoa(text)))",
            "InvalidCharacterError,InvalidCharacterError,InvalidCharacterError",
        ),
        (
            "return [thrown(() => atob()), thrown(() => btoa()), thrown(() => btoa(Symbol()))]",
            "TypeError,TypeError,TypeError",
        ),
    ]);
}

#[test]
fn the_classes_are_what_web_idl_says() {
    check(&[
        (
            "return [TextEncoder.length, TextDecoder.length, atob.length, btoa.length]",
            "0,0,1,1",
        ),
        (
            "return [TextEncoder.name, TextDecoder.name, atob.name]",
            "TextEncoder,TextDecoder,atob",
        ),
        (
            "const p = TextDecoder.prototype; return [Object.keys(p), Object.prototype.toString.call(p), p.decode.length]",
            "decode,encoding,fatal,ignoreBOM,[object TextDecoder],0",
        ),
        (
            "const p = TextEncoder.prototype; return [Object.keys(p), p.encode.length, p.encodeInto.length]",
            "encode,encodeInto,encoding,0,2",
        ),
        (
            "const d = Object.getOwnPropertyDescriptor(TextDecoder.prototype, 'fatal'); \
             return [d.get.name, typeof d.set, d.enumerable, d.configurable]",
            "get fatal,undefined,true,true",
        ),
        (
            "const d = Object.getOwnPropertyDescriptor(globalThis, 'TextDecoder'); return [d.writable, d.enumerable, d.configurable]",
            "true,false,true",
        ),
        (
            "const get = Object.getOwnPropertyDescriptor(TextDecoder.prototype, 'fatal').get; \
             return [() => TextDecoder(), () => TextEncoder.prototype.encode.call({}), () => get.call(new TextEncoder()), \
                     () => TextDecoder.prototype.encoding].map(thrown)",
            "TypeError,TypeError,TypeError,TypeError",
        ),
        (
            "class Mine extends TextDecoder {} const mine = new Mine('utf-16be'); \
             return [mine instanceof TextDecoder, mine.encoding, mine.decode(new Uint8Array([0, 97]))]",
            "true,utf-16be,a",
        ),
    ]);
}

#[test]
fn nothing_is_asked_of_prototypes_that_a_script_changed() {
    check(&[(
        "const bad = () => { throw new Error('asked'); }; const { defineProperty } = Object; \
         const protos = [String, Array, Uint8Array, Object.getPrototypeOf(Uint8Array), ArrayBuffer].map((made) => made.prototype); \
         const all = protos.flatMap((proto) => Reflect.ownKeys(proto) \
             .filter((key) => key !== 'constructor' && Object.getOwnPropertyDescriptor(proto, key).configurable) \
             .map((key) => [proto, key])); \
         for (let i = 0; i < all.length; i += 1) \
             defineProperty(all[i][0], all[i][1], { get: bad, set: bad, configurable: true }); \
         const bytes = new TextEncoder().encode('é'); \
         return new TextDecoder().decode(bytes) + atob(btoa('x'))",
        "éx",
    )]);
}

#[test]
fn a_limit_of_memory_holds() {
    let limits = Limits {
        memory: Some(32 << 20),
        ..Limits::NONE
    };
    let mut runtime = JsRuntime::builder()
        .module(&module_encoding::MODULE)
        .limits(limits)
        .best_effort()
        .build()
        .expect("the runtime builds");
    let error = runtime
        .eval("const bytes = new Uint8Array(12 << 20).fill(255); new TextDecoder().decode(bytes)")
        .expect_err("there is no memory for the text");
    assert_eq!(error.code(), Some("ERR_LIMIT"), "{error}");
}
