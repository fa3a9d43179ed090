//! `URL` and `URLSearchParams` as scripts see them.

use runtime_core::{JsRuntime, Limits};

#[track_caller]
fn check(rows: &[(&str, &str)]) {
    runtime_laws::scripts::check(
        &module_url::MODULE,
        "globalThis.pairs = (init) => \
             [...new URLSearchParams(init)].map((pair) => pair.join('=')).join('&')",
        rows,
    );
}

#[test]
fn a_url_has_parts() {
    check(&[
        (
            "const u = new URL('https://me:pw@Example.org:8080/a/../b c?d=é#f'); \
             return [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash].join(' ')",
            "https://me:pw@example.org:8080/b%20c?d=%C3%A9#f https://example.org:8080 https: me pw example.org:8080 example.org 8080 \
             /b%20c ?d=%C3%A9 #f",
        ),
        (
            "return new URL('../c?d', 'https://a/b/b/b')",
            "https://a/b/c?d",
        ),
        (
            "return new URL('HTTP://ÉCOLE.example:80')",
            "http://xn--cole-9oa.example/",
        ),
        ("return new URL('mailto:a@b').origin", "null"),
        (
            "return JSON.stringify({ u: new URL('data:,x') })",
            "{\"u\":\"data:,x\"}",
        ),
        (
            "return new URL('https://\\ud800/?\\udfff')",
            "TypeError: the text `https://\u{fffd}/?\u{fffd}` is not a URL",
        ),
        (
            "return new URL('data:\\ud800?\\udfff')",
            "data:%EF%BF%BD?%EF%BF%BD",
        ),
        (
            "return new URL({ toString: () => 'a:b' }, undefined)",
            "a:b",
        ),
    ]);
}

#[test]
fn what_is_no_url_is_refused() {
    check(&[
        (
            "new URL('/a')",
            "TypeError: the text `/a` is not a URL\nhelp: it has no scheme; pass the URL that it is relative to as the second argument",
        ),
        ("new URL('/a', 'b')", "TypeError: the base `b` is not a URL"),
        (
            "new URL('http://a b')",
            "TypeError: the text `http://a b` is not a URL",
        ),
        (
            "try { new URL('http://') } catch (error) { return error.code }",
            "ERR_INVALID_URL",
        ),
        ("return thrown(() => new URL('/a', null))", "TypeError"),
        (
            "return [thrown(() => new URL()), thrown(() => URL('a:b')), thrown(() => new URL(Symbol()))]",
            "TypeError,TypeError,TypeError",
        ),
        (
            "return [URL.canParse('a:b'), URL.canParse('b'), URL.canParse('b', 'https://a'), URL.canParse('b', 'c')]",
            "true,false,true,false",
        ),
        (
            "return [URL.parse('b', 'https://a'), URL.parse('b')]",
            "https://a/b,",
        ),
        (
            "return [URL.parse('b') === null, URL.parse('a:b') instanceof URL, thrown(() => URL.canParse())]",
            "true,true,TypeError",
        ),
        (
            "const u = new URL('a:b'); return [thrown(() => { u.href = 'c' }), u.href]",
            "TypeError,a:b",
        ),
    ]);
}

#[test]
fn a_part_is_set() {
    check(&[
        (
            "const u = new URL('http://a/b'); u.protocol = 'https'; u.username = 'me'; u.password = 'p@'; u.host = 'c:81'; \
             u.pathname = 'd e'; u.search = 'f'; u.hash = 'g'; return u",
            "https://me:p%40@c:81/d%20e?f#g",
        ),
        (
            "const u = new URL('http://a:81'); u.port = ''; u.hostname = 'b:1'; return u",
            "http://a/",
        ),
        (
            "const u = new URL('a:b'); u.host = 'c'; u.port = 1; u.pathname = 'd'; return u",
            "a:b",
        ),
        (
            "const u = new URL('http://a'); u.port = 65536; u.port = { toString: () => '8x' }; return u",
            "http://a:8/",
        ),
        (
            "const u = new URL('http://a'); u.hash = null; return u",
            "http://a/#null",
        ),
    ]);
}

#[test]
fn parameters_and_url_follow_each_other() {
    check(&[
        (
            "const u = new URL('http://a?b=1'); return [u.searchParams === u.searchParams, u.searchParams.get('b')]",
            "true,1",
        ),
        (
            "const u = new URL('http://a?b=1'); const p = u.searchParams; p.append('c', 'd e'); const first = u.href; \
             u.search = '?x=y'; const second = String(p); u.href = 'http://b?z'; return [first, second, p, u.searchParams === p]",
            "http://a/?b=1&c=d+e,x=y,z=,true",
        ),
        (
            "const u = new URL('http://a?b'); u.searchParams.delete('b'); return [u, u.search]",
            "http://a/,",
        ),
        (
            "const u = new URL('http://a?b'); const p = u.searchParams; u.search = ''; return [u, p.size]",
            "http://a/,0",
        ),
        (
            "const u = new URL('http://a?b%20c'); u.searchParams.sort(); return u",
            "http://a/?b+c=",
        ),
        (
            "const u = new URL('http://a'); u.searchParams = 'x=1'; return [u, thrown(() => { 'use strict'; u.searchParams = 1 })]",
            "http://a/,TypeError",
        ),
    ]);
}

#[test]
fn parameters_are_made_of_text_pairs_and_objects() {
    check(&[
        ("return pairs('?a=1&b=2+3')", "a=1&b=2 3"),
        ("return pairs('??a')", "?a="),
        (
            "return pairs(undefined) + '|' + pairs(null) + '|' + pairs(12)",
            "|null=|12=",
        ),
        (
            "return pairs([['a', 1], new Set(['b', null])])",
            "a=1&b=null",
        ),
        ("return pairs({ a: 1, b: [2, 3] })", "a=1&b=2,3"),
        ("return pairs(new URLSearchParams('a=b'))", "a=b"),
        (
            "return pairs((function* () { yield 'ab'.split(''); })())",
            "a=b",
        ),
        (
            "return pairs(Object.defineProperty({ a: 1 }, 'hidden', { value: 2 }))",
            "a=1",
        ),
        (
            "return pairs({ '\\ud835x': 1, xx: 2, '\\ud83dx': 3 })",
            "\u{fffd}x=3&xx=2",
        ),
        ("return pairs(() => {})", ""),
        (
            "return [[['a']], [['a', 'b', 'c']], [1], ['ab'], [null], { [Symbol.iterator]: 1 }, { [Symbol()]: 1 }, Symbol()] \
                 .map((init) => thrown(() => new URLSearchParams(init)))",
            "TypeError,TypeError,TypeError,TypeError,TypeError,TypeError,TypeError,TypeError",
        ),
        (
            "const seen = []; const proxy = new Proxy({ a: 1, b: 2 }, { \
                 ownKeys: (o) => { seen.push('keys'); return Reflect.ownKeys(o); }, \
                 getOwnPropertyDescriptor: (o, k) => { seen.push('own ' + String(k)); return Reflect.getOwnPropertyDescriptor(o, k); }, \
                 get: (o, k) => { seen.push('get ' + String(k)); return o[k]; } }); \
             new URLSearchParams(proxy); return seen",
            "get Symbol(Symbol.iterator),keys,own a,get a,own b,get b",
        ),
        (
            "return thrown(() => new URLSearchParams({ get a() { throw new RangeError('no') } }))",
            "RangeError",
        ),
    ]);
}

#[test]
fn parameters_are_read_and_changed() {
    check(&[
        (
            "const p = new URLSearchParams('a=1&b=2&a=3'); \
             return [p.get('a'), p.get('z'), p.getAll('a').length, p.has('b'), p.has('a', 3), p.has('a', 2), p.has('a', undefined), p.size]",
            "1,,2,true,true,false,true,3",
        ),
        ("return new URLSearchParams('a').get('z') === null", "true"),
        (
            "const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', null); p.delete('b', 9); p.append('c', undefined); return p",
            "a=null&b=2&c=undefined",
        ),
        (
            "const p = new URLSearchParams('a=1&a=2'); p.delete('a', undefined); return p.size",
            "0",
        ),
        (
            "let asked = 0; const name = { toString: () => { asked += 1; return 'a'; } }; const p = new URLSearchParams(); \
             return [thrown(() => p.append(name)), thrown(() => p.set(name)), thrown(() => p.get()), thrown(() => p.has()), \
                     thrown(() => p.delete()), asked]",
            "TypeError,TypeError,TypeError,TypeError,TypeError,0",
        ),
    ]);
}

#[test]
fn an_iteration_sees_what_changes_meanwhile() {
    check(&[
        (
            "const p = new URLSearchParams('a=1&b=2&c=3'); const seen = []; \
             for (const [name] of p) { seen.push(name); if (name === 'a') p.delete('b'); if (name === 'c') p.append('d', 4); } return seen",
            "a,c,d",
        ),
        (
            "const p = new URLSearchParams('a=1&b=2'); return [[...p.keys()], [...p.values()], [...p.entries()].length]",
            "a,b,1,2,2",
        ),
        (
            "const p = new URLSearchParams('a=1&b=2'); const seen = []; \
             p.forEach(function (value, name, all) { seen.push(name + value + (all === p) + this); p.delete('b'); }, 'x'); return seen",
            "a1truex",
        ),
        (
            "return [thrown(() => new URLSearchParams('a').forEach()), thrown(() => new URLSearchParams().forEach({}))]",
            "TypeError,TypeError",
        ),
        (
            "return URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries",
            "true",
        ),
        (
            "return new URLSearchParams('a=1&b=2').keys().map((name) => name + name).toArray()",
            "aa,bb",
        ),
    ]);
}

#[test]
fn the_classes_are_what_web_idl_says() {
    check(&[
        (
            "return [URL.length, URL.name, URL.parse.length, URL.canParse.length, URLSearchParams.length, URLSearchParams.name]",
            "1,URL,1,1,0,URLSearchParams",
        ),
        (
            "return Object.keys(URL.prototype).sort()",
            "hash,host,hostname,href,origin,password,pathname,port,protocol,search,searchParams,toJSON,toString,username",
        ),
        ("return Object.keys(URL)", "parse,canParse"),
        (
            "return Object.keys(URLSearchParams.prototype).sort()",
            "append,delete,entries,forEach,get,getAll,has,keys,set,size,sort,toString,values",
        ),
        (
            "const p = URLSearchParams.prototype; return ['append', 'delete', 'get', 'getAll', 'has', 'set', 'sort', 'forEach', 'keys'] \
                 .map((name) => p[name].length)",
            "2,1,1,1,1,2,0,1,0",
        ),
        (
            "const d = Object.getOwnPropertyDescriptor(URL.prototype, 'href'); return [d.get.name, d.set.name, d.set.length, d.enumerable]",
            "get href,set href,1,true",
        ),
        (
            "return [new URL('a:b'), new URLSearchParams()].map((o) => Object.prototype.toString.call(o))",
            "[object URL],[object URLSearchParams]",
        ),
        (
            "return [() => URL.prototype.href, () => URL.prototype.toString.call(new URLSearchParams()), () => URLSearchParams(), \
                     () => URLSearchParams.prototype.get.call({}, 'a'), () => new URLSearchParams().keys().next.call()].map(thrown)",
            "TypeError,TypeError,TypeError,TypeError,nothing",
        ),
        (
            "class Mine extends URL { get twice() { return this.href + this.href } } const u = new Mine('a:b'); \
             return [u.twice, u instanceof URL, URL.parse('a:b') instanceof Mine]",
            "a:ba:b,true,false",
        ),
    ]);
}

#[test]
fn a_long_url_is_a_url() {
    check(&[
        (
            "return new URL('http://a/' + 'é'.repeat(1 << 19)).href.length",
            "3145737",
        ),
        (
            "return new URL('http://a/' + 'b/../'.repeat(1 << 14)).href",
            "http://a/",
        ),
        (
            "return new URL('http://a/?' + 'b=c&'.repeat(1 << 14)).searchParams.size",
            "16384",
        ),
        (
            "return URL.canParse('http://' + 'a'.repeat(1 << 16))",
            "true",
        ),
        (
            "return URL.canParse('http://' + 'é.'.repeat(1 << 10))",
            "true",
        ),
        (
            "return URL.canParse('http://' + '['.repeat(1 << 16))",
            "false",
        ),
    ]);
}

#[test]
fn what_a_script_keeps_is_on_the_account() {
    let limits = Limits {
        memory: Some(8 << 20),
        ..Limits::NONE
    };
    for code in [
        "const kept = []; const text = 'http://a/' + 'b'.repeat(1 << 16); for (;;) kept.push(new URL(text))",
        "const p = new URLSearchParams(); const text = 'b'.repeat(1 << 16); for (;;) p.append(text, text)",
    ] {
        let mut runtime = JsRuntime::builder()
            .module(&module_url::MODULE)
            .limits(limits)
            .best_effort()
            .build()
            .expect("the runtime builds");
        let error = runtime.eval(code).expect_err("there is no memory for them");
        assert_eq!(error.code(), Some("ERR_LIMIT"), "{code}: {error}");
    }
}
