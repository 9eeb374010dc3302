//! The parts that every screen is made of.
//!
//! A part takes data and callbacks, never the state of the app, and its words come translated.
//! Wherever a prop below is a *signal* (`~`), a plain value, a signal, a memo or a closure will do:
//! `label="保存"`, `label=name`, `label=move || words.get().save`. Callbacks (`!`) take closures.
//! Props in brackets may be left out. Views (`view`) are closures: `action=move || view! { … }`.
//!
//! ```ignore
//! use crate::ui::{icon::Icon, parts::*};
//!
//! view! {
//!     <PageHead title=move || t().customers back="/" back_label=move || t().back />
//!     <Section heading=move || t().basic remark="5月3日">
//!         <KeyValues><KeyValue label="电话">"138 0013 8000"</KeyValue></KeyValues>
//!     </Section>
//!     <Button label="保存" kind=ButtonKind::Primary icon=Icon::Check on_press=move || save() />
//! }
//! ```
//!
//! # The frame
//! | part | props |
//! |---|---|
//! | [`Nav`] | `label~ places~: Vec<Place> current~: String [counts~: Vec<(value, number, words)>] [brand]` |
//! | [`PageHead`] | `title~ [back: href, back_label~] [bare] [actions: view]`; its `h1` takes the focus of a route change; `bare` where a [`CardHead`] has the `h1` |
//! | [`Split`] | `open~ list: view` children: list and card |
//! | [`Section`] | `heading~ [remark~] [action: view]` children |
//! | [`Fab`] | `label~ href~ [icon]`; last child of its `.pane` |
//! | [`ToastHost`] | `toasts~: Vec<Toast> on_dismiss!: id on_action!: id close_label~`; once, in the shell |
//! | [`Dialog`] | `open~ on_close! title~ close_label~ [shape] [light] [actions: view]` children; `DialogShape::Sheet` for work |
//! | [`ConfirmDialog`] | `open~ title~ text~ confirm_label~ cancel_label~ on_confirm! on_cancel! [danger]` |
//! | [`SyncMark`] | `state~: SyncState label~ on_press!` |
//!
//! # Actions
//! | part | props |
//! |---|---|
//! | [`Button`] | `label~ [on_press!] [kind] [icon] [busy~] [disabled~] [submit] [wide]` |
//! | [`LinkButton`] | `label~ href~ [kind] [icon] [shortcut] [wide]` |
//! | [`IconButton`] | `label~ icon on_press! [pressed~] [disabled~]` |
//! | [`Menu`] | `label~ items~: Vec<MenuItem> on_choose!: value [icon]` |
//!
//! # Entering
//! All of them: `label~ … [hint~] [error~] [required]`; values are text as typed.
//!
//! | part | props |
//! |---|---|
//! | [`Form`] | `on_submit! actions: view [label] [inline]` children |
//! | [`TextField`] | `value~ on_input! [kind: TextKind] [before] [unit] [autocomplete] [autofocus] [action: view]` |
//! | [`TextArea`] | `value~ on_input! [rows] [autofocus] [action: view]` |
//! | [`NumberField`], [`MoneyField`], [`DateField`] | `value~ on_input!`; number `[decimals] [unit]`, date `[action: view]` |
//! | [`Select`] | `value~ choices~: Vec<Choice> on_choose! [empty~]` |
//! | [`Chips`] | `value~ choices~ on_choose! [quiet]`: one of a few |
//! | [`ManyChips`] | `values~ choices~ on_change! [quiet]`: several, and `quiet` the filters of a list |
//! | [`Tick`] | `checked~ on_change! [hint~] [switch] [disabled~]` |
//! | [`SearchBox`] | `value~ on_input! clear_label~ [on_submit!]` |
//! | [`Combo`] | `value~ items~: Vec<ComboItem> none~ on_input! on_choose!: value [input: NodeRef]` |
//! | [`ScoreDots`] | `value~: Option<u8> on_change! [sentences~]` |
//! | [`PassFail`] | `value~: Option<Verdict> on_change! pass_label~ fail_label~ [na_label~]` |
//! | [`Photos`] | `photos~: Vec<Photo> words~: PhotoWords [on_add!: Vec<Picked>] [on_remove!: id] [busy~]`; small pictures, each opens large |
//! | [`SignPad`] | `words~: SignWords on_done!: PNG [signed~: Option<URL>] [busy~]`; a signature, drawn or written |
//! | [`Field`] | `label~ control: Control`: the frame for a control of one's own |
//!
//! # Showing
//! | part | props |
//! |---|---|
//! | [`List`] | `label~` children: rows |
//! | [`ListRow`] | `title [found: Vec<Range<usize>>, in characters] [second, second_found] [lead: Lead] [href] [current~] [trail: view]` |
//! | [`LetterIndex`] | `label~ letters~: Vec<Letter> row~ on_jump!: row on_enter!: row`; beside a long list, in its `.lettered` |
//! | [`CardHead`] | `title~ [second~] [lead: view] [marks: view] [actions: view]` |
//! | [`KeyValues`], [`KeyValue`] | children; `label~` children |
//! | [`Badge`] | `label~ [tone] [icon]` |
//! | [`Seal`] | `sign~ label~ [pale]` |
//! | [`Highlight`] | `text [found]` |
//! | [`Banner`] | `title~ [text~] [tone] [icon] [action: view]` |
//! | [`Versions`] | `label~ versions~: Vec<Version> keep_label~ on_keep!: id` |
//! | [`Timeline`] | `label~ entries~: Vec<TimelineEntry> [restore_label~, on_restore!: id]` |
//! | [`Tabs`] | `label~ tabs~: Vec<Choice> current~ on_choose!` children: the panel |
//! | [`Stepper`] | `label~ steps~: Vec<Step> current~ on_choose! done_label~` |
//! | [`Stats`], [`Stat`] | children; `value~ label~ [tone~] [href]` |
//! | [`BarChart`] | `title~ bars~: Vec<Bar> table_label~ heads~: (String, String)` |
//! | [`EmptyState`] | `icon title~ text~ [action: view]` |
//! | [`Skeleton`] | `label~ [rows]` |
//! | [`Progress`] | `label~ value~: Option<f64> [text~] [cancel_label, on_cancel!]` |
//! | [`CopyField`] | `label~ value~ copy_label~ copied_label~` |

pub mod badge;
pub mod banner;
pub mod bar_chart;
pub mod button;
pub mod card_head;
pub mod chips;
pub mod choice;
pub mod combo;
pub mod confirm;
pub mod copy_field;
pub mod dialog;
pub mod empty_state;
pub mod fab;
pub mod field;
pub mod form;
pub mod highlight;
pub mod icon_button;
mod ids;
pub mod key_values;
pub mod keys;
pub mod letter_index;
pub mod link_button;
pub mod list_row;
pub mod menu;
pub mod nav;
pub mod number_field;
pub mod page_head;
pub mod photos;
pub mod progress;
pub mod score;
pub mod seal;
pub mod search_box;
pub mod section;
pub mod select;
pub mod sign_pad;
pub mod skeleton;
pub mod split;
pub mod stat;
pub mod stepper;
pub mod sync_mark;
pub mod tabs;
pub mod text_area;
pub mod text_field;
pub mod tick;
pub mod timeline;
pub mod toast;
pub mod tone;
pub mod versions;

pub use badge::Badge;
pub use banner::Banner;
pub use bar_chart::{Bar, BarChart};
pub use button::{Button, ButtonKind};
pub use card_head::CardHead;
pub use chips::{Chips, ManyChips};
pub use choice::Choice;
pub use combo::{Combo, ComboItem};
pub use confirm::ConfirmDialog;
pub use copy_field::CopyField;
pub use dialog::{Dialog, DialogShape};
pub use empty_state::EmptyState;
pub use fab::Fab;
pub use field::{Control, Field, FieldLinks};
pub use form::Form;
pub use highlight::Highlight;
pub use icon_button::IconButton;
pub use key_values::{KeyValue, KeyValues};
pub use keys::is_composing;
pub use letter_index::LetterIndex;
pub use link_button::LinkButton;
pub use list_row::{Lead, List, ListRow};
pub use menu::{Menu, MenuItem};
pub use nav::{Nav, Place};
pub use number_field::{DateField, MoneyField, NumberField};
pub use page_head::PageHead;
pub use photos::{Photo, PhotoWords, Photos, Picture};
pub use progress::Progress;
pub use score::{PassFail, ScoreDots, Verdict};
pub use seal::Seal;
pub use search_box::SearchBox;
pub use section::Section;
pub use select::Select;
pub use sign_pad::{SignPad, SignWords};
pub use skeleton::Skeleton;
pub use split::Split;
pub use stat::{Stat, Stats};
pub use stepper::{Step, Stepper};
pub use sync_mark::{SyncMark, SyncState};
pub use tabs::Tabs;
pub use text_area::TextArea;
pub use text_field::{TextField, TextKind};
pub use tick::Tick;
pub use timeline::{Timeline, TimelineEntry};
pub use toast::{TOAST_STAYS, Toast, ToastHost};
pub use tone::Tone;
pub use versions::{Version, Versions};
