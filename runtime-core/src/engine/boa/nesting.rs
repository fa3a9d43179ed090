//! How much stack the engine needs for a source, judged before it parses: the parser, the compiler and the destructor of its tree
//! recurse, and an overflow would abort the process.
//!
//! The boundary: text in, bytes out. It knows the tokens of the language and as much of the grammar as says what nests in what:
//! brackets, operators, and statements without braces. What it takes for nested and is not costs a script nothing until it comes
//! near the end of the stack.

mod cost;

use cost::{BLOCK, BRACKET, Cost, LEFT, RIGHT, STATEMENT};

/// What the last token was, as far as the next one depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Something that an operand follows.
    Operator,
    /// `await`, `yield`, `let` or `of`: as before, or it is a name, hence an operand.
    Word,
    /// `.`: a name follows, whatever it is.
    Dot,
    /// An operand: an operator follows, or another statement.
    Operand,
    /// `if`, `while`, `for`, `with`: a header in parentheses follows.
    Control,
    /// A header, `else` or `do`: a statement follows, within this one.
    Header,
    /// The `}` of a block: a statement follows, beside this one.
    Block,
}

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The source itself, and a block: statements.
    Statements,
    /// The block of a function or class that is an operand.
    Body,
    /// Elements, members or arguments between commas.
    List,
    /// `(…)` around an operand.
    Group,
    /// `(…)` behind a control word.
    Header,
    /// `${…}` in a template.
    Template,
}

struct Level {
    kind: Kind,
    /// The deepest of the statements or elements that have ended.
    deepest: Cost,
    /// The chain of operators of the current one.
    chain: Cost,
    /// The deepest bracket in the current one.
    inner: Cost,
    /// Whether anything of the current one has been read that an operand may follow.
    has_begun: bool,
    /// Whether the current one has the body of a function or class as an operand.
    has_body: bool,
}

impl Level {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            deepest: Cost::default(),
            chain: Cost::default(),
            inner: Cost::default(),
            has_begun: false,
            has_body: false,
        }
    }

    /// Whether an operand is due, and not a statement.
    fn wants_operand(&self) -> bool {
        self.has_begun || !matches!(self.kind, Kind::Statements | Kind::Body)
    }

    /// Ends the current statement or element.
    fn end(&mut self) {
        self.deepest = self.deepest.or(self.chain.plus(self.inner));
        self.chain = Cost::default();
        self.inner = Cost::default();
        self.has_begun = false;
        self.has_body = false;
    }
}

struct Scanner<'a> {
    text: std::iter::Peekable<std::slice::Iter<'a, u8>>,
    levels: Vec<Level>,
    last: Last,
    /// Whether it cannot be said what is text and what is not. What people write is not like that.
    is_unclear: bool,
}

/// What a character means for the scan: itself, a space, the end of a line, or a letter.
fn plain(c: char) -> u8 {
    match u8::try_from(c) {
        Ok(c) if c.is_ascii() => c,
        _ if matches!(c, '\u{2028}' | '\u{2029}') => b'\n',
        _ if c.is_whitespace() || c == '\u{feff}' => b' ',
        _ => b'a',
    }
}

/// The stack that the source needs, in bytes.
pub(super) fn stack_for(text: &str) -> usize {
    let text: Vec<u8> = text.chars().map(plain).collect();
    let mut scanner = Scanner {
        text: text.iter().peekable(),
        levels: vec![Level::new(Kind::Statements)],
        last: Last::Operator,
        is_unclear: false,
    };
    scanner.scan();
    if scanner.is_unclear {
        return usize::MAX;
    }
    while scanner.levels.len() > 1 {
        scanner.close();
    }
    let mut whole = scanner.levels.swap_remove(0);
    whole.end();
    whole.deepest.parse.max(whole.deepest.walk)
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<u8> {
        self.text.next().copied()
    }

    fn peek(&mut self) -> Option<u8> {
        self.text.peek().map(|c| **c)
    }

    fn next_if(&mut self, is_wanted: impl FnOnce(u8) -> bool) -> Option<u8> {
        self.text.next_if(|c| is_wanted(**c)).copied()
    }

    fn scan(&mut self) {
        if self.text.clone().take(2).eq(b"#!") {
            self.line();
        }
        while let Some(c) = self.next() {
            match c {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => {}
                b'\'' | b'"' => {
                    self.quoted(c);
                    self.operand();
                }
                b'`' => {
                    // Behind an operand it is a call of that.
                    if self.last == Last::Operand {
                        self.chain(LEFT);
                    } else {
                        self.operand();
                    }
                    self.template();
                }
                b'(' | b'[' | b'{' => self.open(c),
                b')' | b']' | b'}' => self.close(),
                b'<' if cfg!(feature = "boa-annex-b") && self.text.clone().take(3).eq(b"!--") => {
                    self.legacy();
                }
                b';' => {
                    self.level().end();
                    self.last = Last::Operator;
                }
                b',' => self.comma(),
                b'.' => {
                    if self.peek().is_some_and(|c| c.is_ascii_digit()) && self.last != Last::Operand
                    {
                        self.operand();
                        self.word(c);
                    } else {
                        self.chain(LEFT);
                        self.last = Last::Dot;
                    }
                }
                b'/' => self.slash(),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'#' | b'@' | b'\\' => {
                    let word = self.word(c);
                    self.named(&word);
                }
                _ => self.operator(c),
            }
        }
    }

    fn level(&mut self) -> &mut Level {
        self.levels
            .last_mut()
            .expect("the source itself is never closed")
    }

    fn chain(&mut self, cost: Cost) {
        let level = self.level();
        level.chain = level.chain.plus(cost);
        level.has_begun = true;
    }

    /// An operand begins. Behind another one that is a new statement.
    fn operand(&mut self) {
        if matches!(self.last, Last::Operand | Last::Block) {
            self.level().end();
        }
        self.last = Last::Operand;
        self.level().has_begun = true;
    }

    fn open(&mut self, bracket: u8) {
        let behind_operand = self.last == Last::Operand;
        let kind = match (bracket, self.last) {
            (b'(', Last::Control) => Kind::Header,
            (b'(', Last::Operand) | (b'[', _) => Kind::List,
            (b'(', _) => Kind::Group,
            (_, Last::Operand) if self.level().has_body => Kind::Body,
            (_, Last::Operator | Last::Word) if self.level().wants_operand() => Kind::List,
            _ => Kind::Statements,
        };
        if self.last == Last::Block {
            self.level().end();
        }
        // A call or an index is a link of a chain, too.
        if behind_operand && bracket != b'{' {
            self.chain(LEFT);
        }
        self.levels.push(Level::new(kind));
        self.last = Last::Operator;
    }

    fn close(&mut self) {
        if self.levels.len() == 1 {
            // It does not parse, which is the parser's to say.
            self.last = Last::Operand;
            return;
        }
        let mut closed = self.levels.pop().expect("there is more than one");
        closed.end();
        let outer = self.level();
        let bracket = match closed.kind {
            Kind::Statements => BLOCK,
            _ => BRACKET,
        };
        outer.inner = outer.inner.or(closed.deepest.plus(bracket));
        self.last = match closed.kind {
            Kind::Header => Last::Header,
            Kind::Statements => Last::Block,
            Kind::Body | Kind::List | Kind::Group | Kind::Template => Last::Operand,
        };
        if closed.kind == Kind::Template {
            self.template();
        }
    }

    fn comma(&mut self) {
        match self.level().kind {
            Kind::List | Kind::Template => self.level().end(),
            _ => self.chain(LEFT),
        }
        self.last = Last::Operator;
    }

    fn operator(&mut self, c: u8) {
        let follows = |scanner: &mut Self, next: u8| scanner.next_if(|c| c == next).is_some();
        if matches!(c, b'+' | b'-') && follows(self, c) {
            // `++` and `--` stand on either side, and change nothing for what follows.
            self.chain(RIGHT);
            return;
        }
        let is_right = match c {
            b'=' if follows(self, b'>') => {
                // An expression or a block.
                self.chain(RIGHT);
                self.last = Last::Header;
                return;
            }
            b'=' => !follows(self, b'='),
            b'*' if follows(self, b'*') => true,
            b'?' if self.peek() == Some(b'.') => return,
            b'?' => !follows(self, b'?'),
            b'!' | b'~' | b':' => true,
            _ => false,
        };
        // `<=`, `===`, `&&`, `>>>`: one operator.
        while let b'=' | b'<' | b'>' | b'&' | b'|' | b'^' | b'%' | b'*' = c
            && self
                .next_if(|next| matches!(next, b'=' | b'<' | b'>' | b'&' | b'|'))
                .is_some()
        {}
        let is_prefix = !matches!(self.last, Last::Operand);
        self.chain(if is_right || is_prefix { RIGHT } else { LEFT });
        self.last = Last::Operator;
    }

    /// A comment of the web's legacy, where a script is parsed and that is compiled in; else operators. What it hides in one of them
    /// may count in the other, so brackets open in it and none is closed.
    fn legacy(&mut self) {
        while let Some(c) = self.next() {
            match c {
                b'\n' | b'\r' => return,
                b'(' | b'[' | b'{' => self.open(c),
                _ => {}
            }
        }
    }

    /// A comment, a division or a regular expression.
    fn slash(&mut self) {
        match self.peek() {
            Some(b'/') => self.line(),
            Some(b'*') => {
                self.next();
                let mut before = 0;
                while let Some(c) = self.next() {
                    if (before, c) == (b'*', b'/') {
                        break;
                    }
                    before = c;
                }
            }
            _ if self.last == Last::Operand => self.operator(b'/'),
            _ if self.last == Last::Word => {
                self.is_unclear |= self.has_text_in_line();
                self.operator(b'/');
            }
            _ => {
                self.operand();
                let mut in_class = false;
                while let Some(c) = self.next() {
                    match c {
                        b'\\' => drop(self.next()),
                        b'[' => in_class = true,
                        b']' => in_class = false,
                        b'/' if !in_class => break,
                        b'\n' | b'\r' => break,
                        _ => {}
                    }
                }
            }
        }
    }

    fn line(&mut self) {
        while self.next().is_some_and(|c| c != b'\n' && c != b'\r') {}
    }

    /// Whether a text or a comment may begin in the rest of the line.
    fn has_text_in_line(&self) -> bool {
        let mut rest = self
            .text
            .clone()
            .take_while(|c| !matches!(c, b'\n' | b'\r'));
        rest.any(|c| matches!(c, b'\'' | b'"' | b'`' | b'*' | b'/'))
    }

    fn quoted(&mut self, quote: u8) {
        while let Some(c) = self.next() {
            match c {
                b'\\' => drop(self.next()),
                b'\n' | b'\r' => return,
                _ if c == quote => return,
                _ => {}
            }
        }
    }

    /// The text of a template, up to its end or to what is put in.
    fn template(&mut self) {
        while let Some(c) = self.next() {
            match c {
                b'\\' => drop(self.next()),
                b'`' => break,
                b'$' if self.next_if(|c| c == b'{').is_some() => {
                    self.levels.push(Level::new(Kind::Template));
                    self.last = Last::Operator;
                    return;
                }
                _ => {}
            }
        }
        self.last = Last::Operand;
    }

    /// A word, of which the first letters suffice to know it.
    fn word(&mut self, first: u8) -> Vec<u8> {
        const LONGEST: usize = 10;
        let mut word = vec![first];
        while let Some(c) =
            self.next_if(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'$' | b'\\'))
        {
            if word.len() <= LONGEST {
                word.push(c);
            }
        }
        word
    }

    fn named(&mut self, word: &[u8]) {
        if self.last == Last::Dot {
            self.last = Last::Operand;
            return;
        }
        match word {
            b"if" | b"while" | b"for" | b"with" => {
                self.statement();
                self.last = Last::Control;
            }
            b"else" | b"do" => {
                if word == b"do" {
                    self.statement();
                } else {
                    self.chain(STATEMENT);
                }
                self.last = Last::Header;
            }
            b"typeof" | b"void" | b"delete" | b"await" | b"new" | b"yield" => {
                let is_word = matches!(word, b"await" | b"yield");
                if matches!(self.last, Last::Operand | Last::Block) {
                    self.level().end();
                }
                self.chain(RIGHT);
                self.last = if is_word { Last::Word } else { Last::Operator };
            }
            b"in" | b"of" | b"instanceof" => {
                self.chain(LEFT);
                self.last = if word == b"of" {
                    Last::Word
                } else {
                    Last::Operator
                };
            }
            b"return" | b"throw" | b"case" | b"default" | b"let" | b"const" | b"var" => {
                if self.last != Last::Header {
                    self.level().end();
                }
                // What follows is an operand, and not a block.
                self.level().has_begun = true;
                self.last = if word == b"let" {
                    Last::Word
                } else {
                    Last::Operator
                };
            }
            b"function" | b"class" => {
                let is_operand = matches!(self.last, Last::Operator | Last::Word)
                    && self.level().wants_operand();
                self.operand();
                self.level().has_body = is_operand;
                // A name or a parameter list follows, in the same statement.
                self.last = Last::Header;
            }
            b"extends" => self.last = Last::Operator,
            b"finally" | b"try" | b"catch" => self.last = Last::Header,
            _ => self.operand(),
        }
    }

    /// A control word: within the statement whose header stands before it, else a statement of its own.
    fn statement(&mut self) {
        if self.last != Last::Header {
            self.level().end();
        }
        self.chain(STATEMENT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expect: Cost) {
        let expect = expect.parse.max(expect.walk);
        assert_eq!(stack_for(source), expect, "{source}");
    }

    fn times(cost: Cost, count: usize) -> Cost {
        Cost::new(cost.parse * count, cost.walk * count)
    }

    #[test]
    fn brackets_nest() {
        check("", Cost::default());
        check("[[[]]]", times(BRACKET, 3));
        check("[[], [[]], []]", times(BRACKET, 3));
        check("[1]; [2]; [3]", BRACKET);
        check("{ { } { { } } }", times(BLOCK, 3));
        check("f(g(h(1)))", times(BRACKET.plus(LEFT), 3));
        check("`${`${1}`} ${2}`", times(BRACKET, 2));
    }

    #[test]
    fn brackets_in_texts_are_none() {
        let flat = [
            r#""[[[""#,
            r"'\'[[['",
            r"`[[[ \` \${[[[`",
            r"/[[(]\/((/u",
            "a = 1 / 2 / 3 // [[[[",
            "/* [[[ */ 1 /* {{ **/",
        ];
        for source in flat {
            assert!(stack_for(source) < BRACKET.parse, "{source}");
        }
        check("function f() {} /[[[(]/", BRACKET);
    }

    #[test]
    fn a_division_hides_nothing() {
        for before in [
            "a",
            "a[0]",
            "f()",
            "(a)",
            "x = {}",
            "x = function () {}",
            "'a'",
            "`a`",
        ] {
            let source = &format!("{before} / [[[[[[[[ 1 /");
            let least = BRACKET.parse * 8;
            assert!(stack_for(source) >= least, "{source}");
        }
    }

    #[test]
    fn what_looks_like_text_and_is_none_hides_nothing() {
        let deep = "[".repeat(8);
        let sources = [
            format!("#!`\n{deep}"),
            format!("// \u{2028}{deep}"),
            format!("{}/{deep}/", "ä"),
            format!("yield / {deep} /"),
            format!("await /'/ + {deep}"),
        ];
        for source in &sources {
            assert!(stack_for(source) >= BRACKET.parse * 8, "{source}");
        }
        check("if (a)\u{a0}if (b) c", times(STATEMENT, 2).plus(BRACKET));
    }

    #[test]
    fn operators_chain_until_the_statement_ends() {
        check("~~~1", times(RIGHT, 3));
        check("typeof typeof 1", times(RIGHT, 2));
        check("a = b = c; d = e", times(RIGHT, 2));
        check("a + b - c", times(LEFT, 2));
        check("a.b.c\nd.e", times(LEFT, 2));
        check("a.typeof.new", times(LEFT, 2));
        check("[a + b, c + d]", BRACKET.plus(LEFT));
    }

    #[test]
    fn statements_without_braces_nest() {
        check("if (a) if (b) if (c) d", times(STATEMENT, 3).plus(BRACKET));
        check("if (a) b\nif (c) d", STATEMENT.plus(BRACKET));
        check("if (a) {} if (b) {}", STATEMENT.plus(BRACKET));
        check(
            "if (a) {} else if (b) {} else {}",
            times(STATEMENT, 4).plus(BRACKET),
        );
    }

    #[test]
    fn a_long_source_is_not_a_deep_one() {
        let line = "const a1 = f(x => ({ a: [1, 2], b: x.y.z() })) ?? g\nh(`a${b}`)\nif (a) { b() } else c++\n";
        let once = stack_for(line);
        assert_eq!(stack_for(&line.repeat(1000)), once);
    }
}
