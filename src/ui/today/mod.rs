//! 今日: what is due, overdue, celebrated and waiting (C4, C23, C24, C28, S4, P6).
#![allow(unreachable_pub, reason = "the component macro makes the properties of every component public")]

mod first;
mod lists;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::lists::Items;
use crate::book::{Birthday, Due};
use crate::domain::complaint::complaint;
use crate::domain::customer::{contact, customer, promise, task};
use crate::domain::standard::action;
use crate::domain::team::settings;
use crate::ui::allowed::Allowed;
use crate::ui::app::App;
use crate::ui::customers::birthday_days;
use crate::ui::icon::Icon;
use crate::ui::later;
use crate::ui::parts::{EmptyState, IconButton, LinkButton, PageHead, Tone};
use crate::words::words;

/// Everything that has a date: tasks, promises, next steps, corrective actions; what is due first.
fn waiting(app: App) -> Vec<Due> {
    let today = app.today.get();
    let mut all = app.read(&[task::ID, promise::ID, action::ID, customer::ID], |book| {
        [book.open_tasks(), book.open_promises(), book.open_actions()].concat()
    });
    all.extend(app.agenda(|book, agenda| book.due_steps(agenda, today)));
    all.sort_by(|a, b| (a.day.is_none(), a).cmp(&(b.day.is_none(), b)));
    all
}

/// How many things are due or overdue today, for the mark on the place.
pub fn due_count(app: App) -> usize {
    let today = app.today.get();
    waiting(app).into_iter().filter(|due| due.is_due(today)).count()
}

fn birthdays(app: App) -> Vec<Birthday> {
    let today = app.today.get();
    let days = app.read(&[settings::ID, contact::ID], birthday_days);
    app.agenda(|book, agenda| book.birthdays(agenda, today, days))
}

fn len<T: Send + Sync + 'static>(of: Memo<Vec<T>>) -> Signal<usize> {
    Signal::derive(move || of.with(Vec::len))
}

/// The part that knows the clocks of complaints: fetched when there is the first complaint.
#[derive(Clone, Copy)]
struct Clocks {
    wanted: Memo<bool>,
    here: RwSignal<bool>,
}

impl Clocks {
    fn new(app: App) -> Self {
        let here = RwSignal::new(false);
        let wanted = Memo::new(move |_| app.read(&[complaint::ID], |book| book.rows(complaint::ID).next().is_some()));
        Effect::new(move || {
            if wanted.get() && !here.get_untracked() {
                spawn_local(async move {
                    later::arrive(later::load_pressing).await;
                    if let Ok(work) = later::clocks(app).await {
                        work.await;
                    }
                    here.try_set(true);
                });
            }
        });
        Self { wanted, here }
    }

    /// Whether it is known which complaints are open.
    fn settled(self) -> bool {
        self.here.get() || !self.wanted.get()
    }
}

/// 今日
#[component]
pub fn Today() -> impl IntoView {
    let app = App::here();
    let due = Memo::new(move |_| waiting(app));
    let part = move |is_due: bool| {
        Memo::new(move |_| {
            let today = app.today.get();
            due.with(|all| all.iter().filter(|due| due.is_due(today) == is_due).cloned().collect::<Vec<_>>())
        })
    };
    let (now, coming) = (part(true), part(false));
    let clocks = Clocks::new(app);
    let complaints = Memo::new(move |_| {
        // The clocks go on with the day and with every change; a screen left open shows them as they were then.
        app.today.track();
        if clocks.here.get() { lists::complaints(app) } else { Default::default() }
    });
    let open = Signal::derive(move || complaints.with(|all| all.0));
    let pressing = Signal::derive(move || complaints.with(|all| all.1.clone()));
    let birthdays = Memo::new(move |_| birthdays(app));
    let empty = Memo::new(move |_| app.agenda(|_, agenda| agenda.is_empty()));
    let receiving = Memo::new(move |_| app.sharing.receiving.with(Option::is_some));
    let nothing = move || {
        !empty.get()
            && clocks.settled()
            && due.with(Vec::is_empty)
            && complaints.with(|all| all.0 == 0)
            && birthdays.with(Vec::is_empty)
    };
    let day = move || app.reader().day(app.today.get());
    let dues = move |of: Memo<Vec<Due>>| Memo::new(move |_| of.with(|of| lists::dues(app, of)));
    let born = Memo::new(move |_| birthdays.with(|all| lists::birthdays(app, all)));
    view! {
        <div class="pane today">
            <PageHead title=app.t("今日", "Today") actions=move || view! { <ToCalendar waiting=due /> } />
            <p class="small day">{day}</p>
            <first::Sample />
            <lists::Clashes />
            <Show when=move || { empty.get() && !receiving.get() }><first::First /></Show>
            <Show when=move || { empty.get() && receiving.get() }><first::Receiving /></Show>
            <div class="today-columns">
                <div>
                    <Items heading=words("到期", "Due") count=len(now) items=dues(now) />
                    <Items heading=words("接下来", "Coming") count=len(coming) items=dues(coming) />
                </div>
                <div>
                    <Items heading=words("未结投诉", "Open complaints") count=open items=pressing />
                    <Items heading=words("生日", "Birthdays") count=len(birthdays) items=born />
                </div>
            </div>
            <Show when=nothing><AllDone /></Show>
            <Show when=move || !empty.get()><QuickWays /></Show>
        </div>
    }
}

/// What waits, for the calendar of the phone: it rings while the app is closed.
#[component]
fn ToCalendar(waiting: Memo<Vec<Due>>) -> impl IntoView {
    let app = App::here();
    let save = Callback::new(move |()| {
        let dues = waiting.get_untracked();
        spawn_local(async move {
            if later::to_calendar(app, dues).await.is_err() {
                app.toast(later::MISSING.r#in(app.lang.get_untracked()).to_owned(), Tone::Due, None);
            }
        });
    });
    view! {
        <Show when=move || waiting.with(|dues| dues.iter().any(|due| due.day.is_some()))>
            <IconButton label=app.t("放进手机日历", "Into the calendar") icon=Icon::Calendar on_press=save />
        </Show>
    }
}

/// Nothing waits.
#[component]
fn AllDone() -> impl IntoView {
    let app = App::here();
    view! {
        <EmptyState
            icon=Icon::Check
            title=app.t("今天没有待办", "Nothing is waiting today")
            text=app.t(
                "到期的任务、承诺、下一步、投诉和生日会出现在这里。看看谁还没有约定下一步。",
                "Tasks, promises, next steps, complaints and birthdays show here when they are due. See who has no next step yet.",
            )
            action=move || view! {
                <LinkButton label=app.t("没有下一步的客户", "Customers without a next step") href="#/customers?show=adrift" />
            }
        />
    }
}

/// The quick entries of every place.
#[component]
fn QuickWays() -> impl IntoView {
    let app = App::here();
    view! {
        <Allowed kind=customer::ID>
            <nav class="quick" aria-label=app.t("快速记录", "Quick entries")>
                <LinkButton label=app.t("新客户", "New customer") href="#/customers/new" icon=Icon::Plus shortcut="n" />
                <LinkButton label=app.t("记投诉", "Note a complaint") href="#/complaints/new" icon=Icon::Complaints />
                <LinkButton label=app.t("做检查", "Run a check") href="#/standards" icon=Icon::Standards />
            </nav>
        </Allowed>
    }
}
