//! Signals that outlive those who read them.

use std::marker::PhantomData;

use leptos::prelude::*;
use leptos::reactive::computed::ArcMemo;
use leptos::reactive::graph::{AnySource, Observer, Source, ToAnySource};

/// A signal that lives longer than what reads it: as long as the page, or as a list whose rows come and go.
///
/// The library strikes a reader off a signal's list when it runs again, but not when it goes: the list goes with the signal.
/// On signals of the app every text of every screen ever seen would stay listed, some 25 kB for each form. This one strikes
/// a reader off when it goes, too.
#[derive(Debug)]
pub struct Lasting<T, S = RwSignal<T>>(S, PhantomData<fn() -> T>);

/// The same for what follows from other signals.
pub type LastingMemo<T> = Lasting<T, Memo<T>>;

/// What keeps a list of its readers.
pub trait Lists {
    /// The list.
    fn list(&self) -> AnySource;
}

impl<T: Send + Sync + 'static> Lists for RwSignal<T> {
    fn list(&self) -> AnySource {
        self.to_any_source()
    }
}

impl<T: Send + Sync + 'static> Lists for Memo<T> {
    fn list(&self) -> AnySource {
        ArcMemo::from(*self).to_any_source()
    }
}

impl<T, S: Copy> Clone for Lasting<T, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, S: Copy> Copy for Lasting<T, S> {}

impl<T, S> Lasting<T, S>
where
    S: Copy + Track + Lists + WithUntracked<Value = T>,
{
    /// Runs the reader again when the value changes: the view, memo or effect that is being run, if one is.
    pub fn track(self) {
        let Some(reader) = Observer::get() else { return };
        self.0.track();
        let list = self.0.list();
        on_cleanup(move || list.remove_subscriber(&reader));
    }

    /// Looks at the value, and again when it changes.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Looks at the value as it is now.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.0.with_untracked(look)
    }

    /// The value, and again when it changes.
    pub fn get(self) -> T
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// The value as it is now.
    pub fn get_untracked(self) -> T
    where
        T: Clone,
    {
        self.with_untracked(T::clone)
    }
}

impl<T: Send + Sync + 'static> Lasting<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(value), PhantomData)
    }

    /// Gives it another value.
    pub fn set(self, value: T) {
        self.0.set(value);
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        self.0.update(change);
    }
}

impl<T: PartialEq + Send + Sync + 'static> LastingMemo<T> {
    /// What follows, made anew when what it follows from changes.
    pub fn memo(make: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self(Memo::new(move |_| make()), PhantomData)
    }
}

impl<T: Default + Send + Sync + 'static> Default for Lasting<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T, S> From<Lasting<T, S>> for Signal<T>
where
    T: Clone + Send + Sync + 'static,
    S: Copy + Track + Lists + WithUntracked<Value = T> + Send + Sync + 'static,
{
    /// For parts, which read a copy.
    fn from(lasting: Lasting<T, S>) -> Self {
        Signal::derive(move || lasting.get())
    }
}
