//! The module on a page that is written down here: a tree of names and texts.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use runtime_core::definition::GrantsDef;
use runtime_core::{JsError, JsRuntime, Plain};

use super::{Given, MODULE, Node, Page, give};

/// A page of one list, which notes what it is asked.
#[derive(Default)]
struct Paper {
    /// What each node is: its tag and its text.
    nodes: RefCell<HashMap<Node, (String, String)>>,
    asked: RefCell<Vec<String>>,
    released: RefCell<Vec<Node>>,
}

impl Paper {
    fn make(&self, tag: &str) -> Plain {
        let mut nodes = self.nodes.borrow_mut();
        let node = Node::try_from(nodes.len()).expect("few nodes") + 1;
        nodes.insert(node, (tag.to_owned(), String::new()));
        Plain::Number(f64::from(node))
    }
}

/// The page is asked through one reference and looked at through another.
struct Shared(Rc<Paper>);

impl Page for Shared {
    fn ask(&self, what: &str, node: Node, args: &[Plain]) -> Result<Plain, JsError> {
        let page = &self.0;
        let args_text: Vec<String> = args
            .iter()
            .map(|arg| match arg {
                Plain::String(text) => text.clone(),
                other => format!("{other:?}"),
            })
            .collect();
        let asked = format!("{what} {node} {}", args_text.join(" "));
        page.asked.borrow_mut().push(asked.trim_end().to_owned());
        let of = |part: fn(&(String, String)) -> &String| {
            let nodes = page.nodes.borrow();
            let text = nodes.get(&node).map(|node| part(node).clone());
            text.map_or(Plain::Undefined, Plain::String)
        };
        match (what, args) {
            ("root", _) => Ok(page.make("main")),
            ("create", [Plain::String(tag)]) if tag == "script" => Err(JsError::new(
                "TypeError",
                "an element `script` would run code in the page",
            )),
            ("create", [Plain::String(tag)]) => Ok(page.make(tag)),
            ("tag", _) => Ok(of(|node| &node.0)),
            ("text", _) => Ok(of(|node| &node.1)),
            ("setText", [Plain::String(text)]) => {
                if let Some(node) = page.nodes.borrow_mut().get_mut(&node) {
                    node.1.clone_from(text);
                }
                Ok(Plain::Undefined)
            }
            ("findAll", _) => Ok(Plain::Array(vec![page.make("li"), page.make("li")])),
            ("isSame", _) => Ok(Plain::Bool(args == [Plain::Number(f64::from(node))])),
            _ => Ok(Plain::Undefined),
        }
    }

    fn release(&self, node: Node) {
        self.0.released.borrow_mut().push(node);
    }
}

fn runtime(dom: &'static [&'static str]) -> JsRuntime {
    let grants = GrantsDef {
        dom,
        ..GrantsDef::NONE
    };
    let config = JsRuntime::builder().module(&MODULE).grant(&grants);
    let config = config.expect("the grants are right");
    config.build().expect("it is built")
}

/// A runtime with a page, the page, and what is told of events.
fn with_page() -> (JsRuntime, Rc<Paper>, Rc<Given>) {
    let runtime = runtime(&["root"]);
    let page = Rc::new(Paper::default());
    let shared = Shared(Rc::clone(&page));
    let given = runtime.enter(|cx| give(cx, shared, "root"));
    (runtime, page, given.expect("it is granted"))
}

fn run(runtime: &mut JsRuntime, code: &str) -> Result<(), String> {
    let code = format!("import * as dom from 'runtime:dom';\n{code}");
    runtime
        .run_code(&code, "main.js")
        .map_err(|uncaught| uncaught.text().to_owned())
}

#[test]
fn elements_are_made_found_and_changed() {
    let (mut runtime, page, _) = with_page();
    let code = "
        const root = dom.root();
        const item = dom.create('li');
        item.text = 'one';
        root.append(item);
        item.setAttribute('title', 'first');
        if (item.text !== 'one' || item.tag !== 'li') throw new Error(item.text + item.tag);
        if (root.findAll('li').length !== 2) throw new Error('two were found');
        if (root.find('nothing') !== undefined) throw new Error('nothing was found');
        if (!item.isSame(item) || item.isSame(root)) throw new Error('same');";
    assert_eq!(run(&mut runtime, code), Ok(()));
    let asked = page.asked.borrow();
    for expected in ["create 0 li", "setText 2 one", "setAttribute 2 title first"] {
        assert!(asked.iter().any(|line| line == expected), "{asked:?}");
    }
}

#[test]
fn what_the_page_refuses_is_thrown() {
    let (mut runtime, _, _) = with_page();
    let said = run(&mut runtime, "dom.create('script')").expect_err("it is refused");
    assert!(
        said.contains("TypeError: an element `script` would run code"),
        "{said}"
    );
    let said = run(&mut runtime, "dom.root().append('li')").expect_err("it is no element");
    assert!(said.contains("TypeError"), "{said}");
}

#[test]
fn without_the_permission_nothing_is_touched() {
    let mut denied = runtime(&[]);
    let page = Rc::new(Paper::default());
    let refused = denied.enter(|cx| give(cx, Shared(Rc::clone(&page)), "root"));
    assert!(refused.is_err());
    let said = run(&mut denied, "dom.root()").expect_err("it is denied");
    assert!(said.contains("NotAllowed"), "{said}");
    assert!(page.asked.borrow().is_empty());

    let narrower = runtime(&["root"]);
    let refused = narrower.enter(|cx| give(cx, Shared(page), "document"));
    let refused = refused.expect_err("only the root is granted");
    assert!(refused.message().contains("`document`"), "{refused:?}");
}

#[test]
fn without_a_page_it_says_so() {
    let said = run(&mut runtime(&["root"]), "dom.create('p')").expect_err("there is none");
    assert!(said.contains("was given no element"), "{said}");
    assert!(said.contains("Runtime.create({ dom: element })"), "{said}");
}

#[test]
fn events_are_heard_until_nobody_listens() {
    let (mut runtime, page, given) = with_page();
    let code = "
        globalThis.heard = [];
        const root = dom.root();
        const number = root.listen('click', (event) => heard.push(event.type + event.x + event.target.tag), { preventDefault: true });
        root.listen('keydown', ({ key }) => { heard.push(key); root.unlisten(number) }, { once: true });";
    assert_eq!(run(&mut runtime, code), Ok(()));
    let event = |kind: &str, more: (&str, Plain)| {
        let target = page.make("button");
        Plain::Object(vec![
            ("type".to_owned(), Plain::String(kind.to_owned())),
            ("target".to_owned(), target),
            (more.0.to_owned(), more.1),
        ])
    };
    let click = || event("click", ("x", Plain::Number(3.0)));
    given.fire(1, &click());
    given.fire(2, &event("keydown", ("key", Plain::String("a".to_owned()))));
    assert_eq!(run(&mut runtime, ""), Ok(()));
    // Nobody listens now, and what came with it is given back.
    let before = page.released.borrow().len();
    given.fire(1, &click());
    given.fire(2, &click());
    given.fire(99, &click());
    assert_eq!(page.released.borrow().len(), before + 3);
    let check = "if (heard.join() !== 'click3button,a') throw new Error(heard.join())";
    assert_eq!(run(&mut runtime, check), Ok(()));
    let asked = page.asked.borrow();
    assert!(
        asked
            .iter()
            .any(|line| line.starts_with("listen 1 click Number(1.0) Bool(true)")),
        "{asked:?}"
    );
}

#[test]
fn every_node_is_given_back() {
    let (mut runtime, page, given) = with_page();
    // By name: Boa keeps what a module's namespace reaches, see "Known gaps" in ARCHITECTURE.md.
    let code = "import { create, root } from 'runtime:dom';
        for (let i = 0; i < 50; i++) create('p').text = 'a';
        globalThis.kept = root()";
    runtime.run_code(code, "main.js").expect("it runs");
    drop(given);
    drop(runtime);
    let made = page.nodes.borrow().len();
    let mut released = page.released.borrow().clone();
    released.sort_unstable();
    released.dedup();
    assert_eq!((made, released.len()), (51, 51));
}
