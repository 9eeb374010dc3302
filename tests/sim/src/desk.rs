//! Where every effect waits for its turn. The code under test runs as tasks; each call of a port is a ticket, and the
//! run decides which ticket goes on next and what becomes of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A task: one call of a session or a driver that is under way.
pub type TaskId = u32;

/// What a task waits for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum What {
    /// Reading the store.
    Read,
    /// A transaction that has not begun.
    Transact,
    /// A transaction that is done, before its answer.
    Committed,
    /// LIST.
    List,
    /// GET of a name.
    Get(String),
    /// PUT of a name.
    Put(String),
    /// DELETE of a name.
    Delete(String),
    /// A PUT that has arrived, before its answer.
    Arrived,
}

/// What becomes of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Fate {
    /// It is done.
    #[default]
    Done,
    /// The disk is full.
    Full,
    /// The disk refuses without a reason that we know.
    Broken,
    /// No network: nothing happens.
    Lost,
    /// The service fails: nothing happens.
    Status,
    /// It happens, but its answer is lost.
    Unanswered,
    /// No answer; it happens some time later.
    Late,
    /// It happens, and later once more.
    Twice,
    /// The answer is cut off after so many bytes, counted round.
    Cut(u16),
    /// A bit of the answer flips.
    Flip(u16),
    /// An older state is handed out.
    Stale(u16),
    /// What is stored has a flipped bit.
    Spoiled(u16),
}

#[derive(Debug)]
struct Ticket {
    task: TaskId,
    what: What,
    fate: Option<Fate>,
    waker: Option<Waker>,
}

#[derive(Debug, Default)]
struct Inside {
    tickets: BTreeMap<u32, Ticket>,
    next: u32,
    current: Option<TaskId>,
}

/// All effects that wait.
#[derive(Debug, Default)]
pub struct Desk(RefCell<Inside>);

impl Desk {
    /// Waits for its turn. Outside of a task everything is done at once.
    pub fn pass(self: &Rc<Self>, what: What) -> Pass {
        Pass { desk: self.clone(), what: Some(what), ticket: None }
    }

    /// The tickets that wait, with their tasks.
    pub fn waiting(&self) -> Vec<(u32, TaskId, What)> {
        let inside = self.0.borrow();
        let waits = |(number, ticket): (&u32, &Ticket)| {
            ticket.fate.is_none().then(|| (*number, ticket.task, ticket.what.clone()))
        };
        inside.tickets.iter().filter_map(waits).collect()
    }

    /// Lets a ticket go on.
    pub fn release(&self, number: u32, fate: Fate) {
        let waker = self.0.borrow_mut().tickets.get_mut(&number).and_then(|ticket| {
            ticket.fate = Some(fate);
            ticket.waker.take()
        });
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether a task waits for its turn, rather than for being polled again.
    fn is_waiting(&self, task: TaskId) -> bool {
        self.0.borrow().tickets.values().any(|ticket| ticket.task == task && ticket.fate.is_none())
    }

    /// Polls a task until it waits for its turn or is done.
    pub fn poll<T>(&self, task: TaskId, future: &mut Pin<Box<dyn Future<Output = T>>>) -> Option<T> {
        self.0.borrow_mut().current = Some(task);
        let mut context = Context::from_waker(Waker::noop());
        let mut result = None;
        for _ in 0..100 {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                result = Some(value);
                break;
            }
            if self.is_waiting(task) {
                break;
            }
        }
        self.0.borrow_mut().current = None;
        result
    }
}

/// The wait for one ticket.
#[derive(Debug)]
pub struct Pass {
    desk: Rc<Desk>,
    what: Option<What>,
    ticket: Option<u32>,
}

impl Future for Pass {
    type Output = Fate;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Fate> {
        let desk = self.desk.clone();
        let mut inside = desk.0.borrow_mut();
        if let Some(what) = self.what.take() {
            let Some(task) = inside.current else { return Poll::Ready(Fate::Done) };
            let number = inside.next;
            inside.next += 1;
            inside.tickets.insert(number, Ticket { task, what, fate: None, waker: Some(context.waker().clone()) });
            self.ticket = Some(number);
            return Poll::Pending;
        }
        let Some(number) = self.ticket else { return Poll::Ready(Fate::Done) };
        let Some(ticket) = inside.tickets.get_mut(&number) else { return Poll::Ready(Fate::Done) };
        ticket.waker = Some(context.waker().clone());
        let Some(fate) = ticket.fate else { return Poll::Pending };
        inside.tickets.remove(&number);
        self.ticket = None;
        Poll::Ready(fate)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(number) = self.ticket {
            self.desk.0.borrow_mut().tickets.remove(&number);
        }
    }
}

/// Runs a future outside of any task, where nothing waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
    unreachable!("outside of a task nothing waits")
}
