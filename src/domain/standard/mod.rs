//! Service standards: the document, checks by it, corrective actions and reception records.

pub mod checks;
pub mod correction;
pub mod document;
pub mod scoring;
pub mod shelf;
pub mod shipped;
pub mod tips;
pub mod visits;

use crate::record;

record! {
    /// A standard (S1, S2). Its text is edited as a draft; publishing freezes an [`edition`].
    standard = 7, "标准" / "Standard", title NAME, by HOUSE;
    basic "标准" / "Standard" {
        NAME = 1: Text, "名称" / "Name", [required search list];
        PURPOSE = 2: Long, "说明" / "What it is for";
        DRAFT = 3: Document, "草稿" / "Draft", [hidden];
        EDITION = 4: Whole, "当前版本" / "Current edition", [hidden list];
        RETIRED = 5: Tick, "已停用" / "Retired";
    }
}

record! {
    /// A published edition of a standard (S2): never changed afterwards.
    edition = 8, "标准版本" / "Edition", title NUMBER, by HOUSE;
    basic "标准版本" / "Edition" {
        STANDARD = 1: Ref(7), "标准" / "Standard", [required hidden];
        NUMBER = 2: Whole, "版本" / "Number", [required list];
        TEXT = 3: Document, "内容" / "Text", [required hidden];
        AT = 4: Instant, "发布时间" / "Published at", [list];
        WHY = 5: Text, "改动说明" / "What changed";
    }
}

record! {
    /// A check by a standard (S3, S6).
    check = 9, "检查" / "Check", title STANDARD, by DAILY;
    basic "检查" / "Check" {
        STANDARD = 1: Ref(7), "标准" / "Standard", [required hidden list];
        EDITION = 2: Whole, "版本" / "Edition", [hidden];
        USE = 3: Choice(lists::USE), "方式" / "Kind of check", [required list];
        AT = 4: Instant, "时间" / "Time", [required list];
        SHOP = 5: Ref(16), "门店" / "Shop", [list];
        STAFF = 6: Ref(15), "被检查人" / "Who is checked", [list];
        INSPECTOR = 7: Ref(15), "检查人" / "Inspector", [list];
        CUSTOMER = 8: Ref(1), "客户" / "Customer";
        NOTE = 9: Long, "小结" / "Summary", [search];
        ANSWERS = 10: Answers, "结果" / "Answers", [hidden];
        NOTES = 11: Answers, "说明" / "Notes", [hidden];
        DONE = 12: Instant, "完成时间" / "Completed at", [hidden];
        SCORE = 13: Whole, "得分" / "Score", [hidden list];
        WHY_EDITED = 14: Text, "完成后修改的原因" / "Why it was edited afterwards", [hidden];
        BY_TEXT = 15: Ref(8), "所用版本" / "Text it was made by", [hidden];
        PHOTOS = 16: Answers, "照片" / "Photos", [hidden];
    }
}

record! {
    /// A corrective action (S4).
    action = 10, "整改" / "Corrective action", title WHAT, by DAILY;
    basic "整改" / "Corrective action" {
        CHECK = 1: Ref(9), "来自检查" / "From check", [hidden];
        ITEM = 2: Text, "条目" / "Item", [hidden];
        WHAT = 3: Text, "整改内容" / "What to do", [required search list];
        STAFF = 4: Ref(15), "负责人" / "Who", [list];
        DUE = 5: Day, "期限" / "By", [required list];
        EVIDENCE = 6: Long, "整改结果" / "Evidence";
        PHOTOS = 10: Photos, "整改照片" / "Photos of the result";
        STATE = 7: Choice(lists::ACTION), "状态" / "State", [hidden list];
        REOPENED = 8: Text, "重新整改的原因" / "Why it was reopened", [hidden];
        DONE = 9: Instant, "完成时间" / "Done at", [hidden];
    }
}

record! {
    /// A reception record (S7).
    reception = 11, "接待记录" / "Reception record", title OUTCOME, by DAILY;
    basic "接待记录" / "Reception record" {
        AT = 1: Instant, "时间" / "Time", [required list];
        STAFF = 2: Ref(15), "接待人" / "Served by", [list];
        CUSTOMER = 3: Ref(1), "客户" / "Customer";
        VISITOR = 4: Choice(lists::VISITOR), "顾客类型" / "Kind of visitor", [list];
        APPROACH = 5: Choice(lists::APPROACH), "接近方式" / "Approach", [list];
        NEED = 6: Choices(lists::NEED), "预见的需要" / "Needs foreseen";
        OUTCOME = 7: Choice(lists::OUTCOME), "结果" / "Outcome", [required list];
        STAGE = 8: Choice(lists::STAGE), "离开阶段" / "Stage at which they left", [list];
        NOTE = 9: Long, "备注" / "Note", [search];
    }
}
