//! The engine itself: it owns the context, runs microtasks, and reports rejections that nobody handled.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use boa_engine::builtins::promise::OperationType;
use boa_engine::context::{ContextBuilder, HostHooks};
use boa_engine::job::{GenericJob, Job, JobExecutor, PromiseJob};
use boa_engine::realm::Realm;
use boa_engine::{Context, JsObject, JsResult, JsString, js_string};

use super::cx::Cx;
use super::inspect::Originals;
use super::module::Modules;
use super::object::Object;
use super::persistent::Table;
use super::stack::{self, Stack};
use super::{entry, error, guards};
use crate::error::JsError;
use crate::state::RuntimeState;

/// The values that the engine's own stack may hold: it grows on the heap, and the depth of calls ends it long before.
const STACK_VALUES: usize = 4 << 20;

/// The native stack that is reckoned for one level of calls, and the most levels that real programs want.
const LEVEL_BYTES: usize = 4 << 10;
const DEPTH: usize = 10_000;

/// One engine: a context and everything that refers into it.
pub(crate) struct Engine {
    cell: &'static RefCell<&'static mut Context>,
    jobs: Rc<Microtasks>,
    state: Rc<RuntimeState>,
    stack: Rc<Stack>,
    /// Known by its address alone.
    table: *const Table,
}

/// The jobs that promises queue, and the promises that were rejected without a handler.
#[derive(Default)]
pub(crate) struct Microtasks {
    queue: RefCell<VecDeque<Microtask>>,
    rejected: RefCell<Vec<JsObject>>,
    cell: std::cell::OnceCell<&'static RefCell<&'static mut Context>>,
}

enum Microtask {
    Promise(PromiseJob),
    Generic(GenericJob),
}

impl JobExecutor for Microtasks {
    fn enqueue_job(self: Rc<Self>, job: Job, context: &mut Context) {
        let state = Rc::clone(Cx::new(context).state());
        match job {
            Job::PromiseJob(job) => self.queue.borrow_mut().push_back(Microtask::Promise(job)),
            Job::GenericJob(job) => self.queue.borrow_mut().push_back(Microtask::Generic(job)),
            Job::AsyncJob(job) => {
                let cell = *self
                    .cell
                    .get()
                    .expect("the engine sets it before anything runs");
                let run = async move {
                    // The job settles its own promise; what it returns says nothing more.
                    let _ = job.call(cell).await;
                };
                let run = entry::task(Rc::clone(&state), run);
                state.event_loop.spawn(run, true);
            }
            Job::FinalizationRegistryCleanupJob(job) => {
                let cell = *self
                    .cell
                    .get()
                    .expect("the engine sets it before anything runs");
                let run = async move {
                    // What a finalizer throws has nobody else to hear of it.
                    if let Err(error) = job.call(cell).await {
                        let mut context = cell.borrow_mut();
                        let mut cx = Cx::new(&mut context);
                        let error = error::thrown(&mut cx, error);
                        cx.report(error);
                    }
                };
                let run = entry::task(Rc::clone(&state), run);
                state.event_loop.spawn(run, false);
            }
            Job::TimeoutJob(job) => {
                let delay = std::time::Duration::from_millis(job.timeout().as_millis());
                state.event_loop.after(delay, move |cx| {
                    if !job.cancelled() {
                        let _ = entry::run(cx.context, |context| job.call(context));
                    }
                });
            }
            // Only the engine's own `setInterval` makes these, and it is not installed; any other kind is not known yet.
            _ => {}
        }
    }

    fn run_jobs(self: Rc<Self>, context: &mut Context) -> JsResult<()> {
        self.drain(context);
        Ok(())
    }
}

impl Microtasks {
    /// Runs jobs until there are none, or until nothing more may run. What a job throws is nobody's; how it ends the runtime is
    /// remembered, also where the engine loses it: in what a promise has resumed.
    fn drain(&self, context: &mut Context) {
        let state = Rc::clone(Cx::new(context).state());
        while state.fatal().is_none() {
            let Some(job) = self.queue.borrow_mut().pop_front() else {
                break;
            };
            let _ = entry::run(context, |context| match job {
                Microtask::Promise(job) => job.call(context),
                Microtask::Generic(job) => job.call(context),
            });
            entry::judge(context);
        }
        context.clear_kept_objects();
    }
}

struct Hooks(Rc<Microtasks>);

impl HostHooks for Hooks {
    fn ensure_can_compile_strings(
        &self,
        _realm: Realm,
        parameters: &[JsString],
        body: &JsString,
        _direct: bool,
        context: &mut Context,
    ) -> JsResult<()> {
        // Each is parsed by itself.
        for text in parameters.iter().chain([body]) {
            stack::ensure_source(context, &text.to_std_string_lossy(), "the source")?;
        }
        Ok(())
    }

    fn max_buffer_size(&self, context: &mut Context) -> u64 {
        /// What the language's specification recommends.
        const LARGEST: u64 = 3 << 29;
        let limits = *Cx::new(context).state().watch.limits();
        limits.memory.map_or(LARGEST, |memory| memory.min(LARGEST))
    }

    fn interrupt(&self, context: &mut Context) -> JsResult<()> {
        entry::go_on(context)
    }

    fn promise_rejection_tracker(
        &self,
        promise: &JsObject<boa_engine::builtins::promise::Promise>,
        operation: OperationType,
        _context: &mut Context,
    ) {
        let promise = promise.clone().upcast();
        let mut rejected = self.0.rejected.borrow_mut();
        match operation {
            OperationType::Reject => rejected.push(promise),
            OperationType::Handle => rejected.retain(|other| !JsObject::equals(other, &promise)),
        }
    }
}

impl Engine {
    /// An engine over `state`, on a thread with `stack` bytes for it. Its own frames are on the heap, but a native function that
    /// calls back uses the thread's stack, about 2 KiB a level; an overflow there would abort the process, so calls are counted.
    pub(crate) fn new(state: Rc<RuntimeState>, stack: usize) -> Result<Self, JsError> {
        let jobs = Rc::new(Microtasks::default());
        let limits = state.watch.limits();
        let built = ContextBuilder::new()
            // `Atomics.wait` would block the loop; a thread with several runtimes could not exist either.
            .can_block(false)
            .job_executor(Rc::clone(&jobs))
            .module_loader(Rc::new(Modules::default()))
            .host_hooks(Rc::new(Hooks(Rc::clone(&jobs))))
            .build();
        let mut context =
            built.map_err(|error| JsError::error(format!("the engine did not start: {error}")))?;
        context.insert_data(Rc::clone(&state));
        let table = Rc::new(Table::default());
        let address = Rc::as_ptr(&table);
        context.insert_data(table);
        guards::install(&mut context, limits)
            .map_err(|error| JsError::error(format!("the engine did not start: {error}")))?;
        // The constructor that all typed arrays share has no name in the global scope.
        let global = context.global_object();
        global
            .delete_property_or_throw(js_string!("TypedArray"), &mut context)
            .map_err(|error| JsError::error(format!("the engine did not start: {error}")))?;
        let originals = Originals::take(&mut context);
        context.insert_data(
            originals
                .map_err(|error| JsError::error(format!("the engine did not start: {error}")))?,
        );
        let asked = limits.stack.and_then(|asked| usize::try_from(asked).ok());
        let depth = asked.map_or(stack, |asked| asked.min(stack)) / LEVEL_BYTES;
        let depth = depth.min(DEPTH);
        let stack = Rc::new(Stack::new(stack, limits.stack));
        context.insert_data(Rc::clone(&stack));
        context.runtime_limits_mut().set_recursion_limit(depth);
        context
            .runtime_limits_mut()
            .set_stack_size_limit(STACK_VALUES);
        // A job that waits holds a reference to the context's cell for as long as it lives, so both are leaked here and freed in
        // `drop`, after the jobs.
        let context: &'static mut Context = Box::leak(Box::new(context));
        let cell: &'static RefCell<&'static mut Context> =
            Box::leak(Box::new(RefCell::new(context)));
        jobs.cell
            .set(cell)
            .map_err(|_| ())
            .expect("it is set once, here");
        Ok(Self {
            cell,
            jobs,
            state,
            stack,
            table: address,
        })
    }

    /// Enters the engine. Never from within: pass the token down instead.
    pub(crate) fn enter<R>(&self, f: impl for<'js> FnOnce(&mut Cx<'js>) -> R) -> R {
        let mut guard = self.cell.borrow_mut();
        let _running = self.state.watch.run();
        let _entered = Table::enter(self.table);
        self.stack.enter();
        f(&mut Cx::new(&mut guard))
    }

    /// Runs microtasks until there are none.
    pub(crate) fn drain(&self) {
        let _running = self.state.watch.run();
        let _entered = Table::enter(self.table);
        self.stack.enter();
        self.jobs.drain(&mut self.cell.borrow_mut());
    }

    /// Takes the promises that were rejected and have no handler, oldest first.
    pub(crate) fn take_unhandled<'js>(&self, _cx: &mut Cx<'js>) -> Vec<Object<'js>> {
        self.jobs
            .rejected
            .take()
            .into_iter()
            .map(Object::wrap)
            .collect()
    }

    /// Runs the collector until it finds nothing more.
    pub(crate) fn collect(&self) {
        boa_gc::force_collect();
    }

    /// The state beside the engine.
    pub(crate) fn state(&self) -> &Rc<RuntimeState> {
        &self.state
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Tasks and timers first: they may refer into the context.
        self.state.event_loop.clear();
        self.jobs.queue.take();
        self.jobs.rejected.take();
        self.state.clear();
        let cell: *const RefCell<&'static mut Context> = self.cell;
        // SAFETY: both boxes were leaked in `new` and nothing else frees them. What refers into them lives in the loop's tasks,
        // dropped above; a task cannot be running now, since `drop` needs the engine's owner, which drives them.
        unsafe {
            let cell = Box::from_raw(cell.cast_mut());
            let context: *mut Context = cell.into_inner();
            drop(Box::from_raw(context));
        }
        // What a dropped runtime held is given back now, not when another one on this thread fills the heap.
        boa_gc::force_collect();
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}
