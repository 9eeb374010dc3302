//! The shop itself: people, shops, dictionary entries, the shop's own fields, settings.

use crate::record;

record! {
    /// A staff member (M3).
    staff = 15, "员工" / "Staff member", title NAME;
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
    shop = 16, "门店" / "Shop", title NAME;
    basic "门店" / "Shop" {
        NAME = 1: Text, "名称" / "Name", [required search list];
        ADDRESS = 2: Place, "地址" / "Address", [list];
        PHONE = 3: Phone, "电话" / "Phone", [list];
        HOURS = 4: Text, "营业时间" / "Opening hours", [list];
    }
}

record! {
    /// An entry of a dictionary, or what the shop changed of a shipped one (G2).
    entry = 17, "选项" / "Entry", title NAME;
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
    extra = 18, "自定义字段" / "Own field", title NAME;
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
    settings = 19, "设置" / "Settings", title TEAM;
    basic "设置" / "Settings" {
        TEAM = 1: Text, "团队名称" / "Name of the team", [required];
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
