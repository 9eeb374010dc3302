//! The shop itself: people, shops, dictionary entries, the shop's own fields, settings.

use super::complaint::clock::{ANSWER_HOURS, SOLVE_DAYS};
use super::record::KindId;
use crate::book::confirm::STALE_DAYS;
use crate::book::due::BIRTHDAY_DAYS;
use crate::record;
use crate::words::{Lang, fill, words};

/// What counts while a field is empty, and how it is written where that is not plain; none for a field that explains
/// itself.
pub fn remark(kind: KindId, field: u16, lang: Lang) -> Option<String> {
    let number = |usual: i64| fill(words("不填按 {} 计", "{} if left empty").r#in(lang), &[&usual.to_string()]);
    let text = |zh, en| words(zh, en).r#in(lang).to_owned();
    let days = || {
        text(
            "如 2026-10-01 或 2026-10-01~2026-10-07，多个之间用逗号分开",
            "Such as 2026-10-01 or 2026-10-01~2026-10-07; separate several with commas",
        )
    };
    let is = |key: u16| kind == settings::ID && field == key;
    match () {
        () if is(settings::STALE_DAYS.field) => Some(number(STALE_DAYS)),
        () if is(settings::ANSWER_HOURS.field) => Some(number(ANSWER_HOURS)),
        () if is(settings::SOLVE_DAYS.field) => Some(number(SOLVE_DAYS)),
        () if is(settings::BIRTHDAY_DAYS.field) => Some(number(BIRTHDAY_DAYS)),
        () if is(settings::HOURS.field) => Some(text(
            "如 9:00-12:00 13:30-21:00；不填按 9:00-21:00 计",
            "Such as 9:00-12:00 13:30-21:00; 9:00-21:00 if left empty",
        )),
        () if is(settings::OPEN_DAYS.field) => Some(text("不选按每天营业计", "Every day if none is chosen")),
        () if is(settings::WORKING_DAYS.field) => {
            Some(text("不选按周一至周五计", "Monday to Friday if none is chosen"))
        }
        () if is(settings::DAYS_OFF.field) || is(settings::EXTRA_DAYS.field) => Some(days()),
        () if kind == shop::ID && field == shop::HOURS.field => Some(text(
            "如 9:00-12:00 13:30-21:00；不填按团队的营业时间计",
            "Such as 9:00-12:00 13:30-21:00; the team's hours if left empty",
        )),
        () => None,
    }
}

record! {
    /// A staff member (M3).
    staff = 15, "员工" / "Staff member", title NAME, by HOUSE;
    basic "员工" / "Staff member" {
        NAME = 1: Text, "姓名" / "Name", [required search list];
        ROLE = 2: Choice(lists::ROLE), "角色" / "Role", [list];
        PHONE = 3: Phone, "电话" / "Phone", [personal list];
        SHOP = 4: Ref(16), "门店" / "Shop", [list];
        LEFT = 5: Day, "离职日期" / "Left on";
    }
}

record! {
    /// A shop.
    shop = 16, "门店" / "Shop", title NAME, by HOUSE;
    basic "门店" / "Shop" {
        NAME = 1: Text, "名称" / "Name", [required search list];
        ADDRESS = 2: Place, "地址" / "Address", [list];
        PHONE = 3: Phone, "电话" / "Phone", [list];
        HOURS = 4: Text, "营业时间" / "Opening hours", [list];
    }
}

record! {
    /// An entry of a dictionary, or what the shop changed of a shipped one (G2).
    entry = 17, "选项" / "Entry", title NAME, by FILE;
    basic "选项" / "Entry" {
        LIST = 1: Text, "字典" / "Dictionary", [required hidden];
        KEY = 2: Text, "代号" / "Key", [required hidden];
        NAME = 3: Text, "名称" / "Name", [required list];
        ORDER = 4: Whole, "顺序" / "Order", [hidden];
        RETIRED = 5: Tick, "已停用" / "Retired", [list];
        UNDER = 6: Text, "上级" / "Under", [hidden];
    }
}

record! {
    /// A field that the shop added (G3).
    extra = 18, "自定义字段" / "Own field", title NAME, by FILE;
    basic "自定义字段" / "Own field" {
        OF = 1: Choice(lists::FIELD_OF), "用于" / "Used on", [required list];
        NAME = 2: Text, "名称" / "Name", [required list];
        SHAPE = 3: Choice(lists::FIELD_SHAPE), "类型" / "Type", [required list];
        CHOICES = 4: Tags, "选项" / "Choices";
        ORDER = 5: Whole, "顺序" / "Order", [hidden];
        RETIRED = 6: Tick, "已停用" / "Retired", [list];
    }
}

record! {
    /// The shop's settings, in one row.
    settings = 19, "设置" / "Settings", title TEAM, by HOUSE;
    basic "设置" / "Settings" {
        TEAM = 1: Text, "团队名称" / "Name of the team";
        STALE_DAYS = 2: Whole, "资料过期天数" / "Days until data counts as stale";
        ANSWER_HOURS = 3: Whole, "答复时限（营业小时）" / "Opening hours to answer a complaint";
        SOLVE_DAYS = 4: Whole, "解决时限（工作日）" / "Working days to solve a complaint";
        BIRTHDAY_DAYS = 5: Whole, "生日提前提醒天数" / "Days ahead for birthdays";
        HOURS = 20: Text, "营业时间" / "Opening hours";
        OPEN_DAYS = 21: Choices(lists::WEEKDAY), "营业日" / "Days open";
        WORKING_DAYS = 22: Choices(lists::WEEKDAY), "工作日" / "Working days";
        DAYS_OFF = 23: Tags, "放假日" / "Days off";
        EXTRA_DAYS = 24: Tags, "调休上班日" / "Extra working days";
    }
}
