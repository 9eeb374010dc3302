//! Complaints: what is kept of them, and the rules by which they are handled.
//!
//! The records stand here. The rules are pure and stand beside: [`number`] (P3), [`state`] (P5, P8), [`clear`] (P4),
//! [`clock`] (P2, P6), [`case`] (a complaint with its log, as the rules read it) and [`acts`] (what each action writes,
//! always the complaint and its log together).

pub mod acts;
pub mod case;
pub mod clear;
pub mod clock;
pub mod number;
pub mod state;

pub use case::{Case, Entry};
pub use clear::ClearStep;
pub use state::{Ending, Refusal, State};

use crate::record;

record! {
    /// A complaint, suggestion or praise (P1–P3, P5, P11, P12).
    complaint = 12, "投诉" / "Complaint", title WORDS, by DAILY;
    intake "受理" / "Intake" {
        WORDS = 6: Long, "客户原话" / "In their own words", [required search list], also "投诉内容" "consumer_complaint_narrative" "narrative" "description";
        PHOTOS = 14: Photos, "照片" / "Photos";
        NUMBER = 1: Text, "编号" / "Number", [hidden search list], also "complaint_id" "投诉编号" "id";
        VOICE = 2: Choice(lists::VOICE), "类别" / "Sort of voice", [list];
        CUSTOMER = 3: Ref(1), "客户" / "Customer", [list];
        WHO = 4: Text, "投诉人" / "Who", [personal search list], also "客户" "complainant";
        PHONE = 5: Phone, "电话" / "Phone", [personal search];
        KIND = 7: Choice(lists::COMPLAINT), "种类" / "Kind", [list], also "投诉种类" "issue" "category";
        SUBJECT = 8: Text, "商品或服务" / "Goods or service", [search], also "product";
        WISH = 9: Choice(lists::WISH), "客户要求" / "Wish";
        AMOUNT = 10: Money, "要求金额" / "Amount asked";
        AT = 11: Instant, "受理时间" / "Received at", [required list], also "date_received" "投诉时间" "date";
        SHOP = 12: Ref(16), "门店" / "Shop";
        NOTE = 13: Long, "备注" / "Note", also "说明" "remark" "notes";
    }
    handling "处理" / "Handling" {
        SEVERITY = 20: Choice(lists::SEVERITY), "严重程度" / "Severity", [list];
        PARTY = 21: Text, "责任部门" / "Responsible party", also "company";
        STAFF = 22: Ref(15), "负责人" / "Handled by", [list];
        CAUSE = 23: Ref(15), "涉及员工" / "Staff member concerned";
        ITEM = 24: Text, "涉及的标准条目" / "Standard item that failed";
        STATE = 25: Choice(lists::COMPLAINT_STATE), "状态" / "State", [hidden list];
        DECISION = 26: Long, "处理决定" / "Decision", also "company_response_to_consumer";
        PREVENTION = 27: Long, "预防措施" / "Prevention";
        ACCEPTED = 28: Tick, "客户接受" / "Customer accepts", [hidden];
        CUSTOMER_SAYS = 29: Long, "客户的答复" / "The customer's answer", [hidden];
        CLOSED = 30: Instant, "结案时间" / "Closed at", [hidden];
        HOPELESS = 31: Ref(15), "批准终止的人" / "Approved by, as nothing more can be done", [hidden];
    }
}

record! {
    /// An entry of a complaint's log (P4–P6): added, never changed.
    step = 13, "处理记录" / "Log entry", title WORDS, by DAILY;
    basic "处理记录" / "Log entry" {
        COMPLAINT = 1: Ref(12), "投诉" / "Complaint", [required hidden owned];
        STEP = 2: Choice(lists::STEP), "步骤" / "Step", [required list];
        WORDS = 3: Long, "记录" / "What was said and done", [required search list];
        AT = 4: Instant, "时间" / "Time", [required list];
        STAFF = 5: Ref(15), "经手人" / "By whom", [list];
        PREVENTION = 6: Long, "预防措施" / "Prevention";
        STATE = 7: Choice(lists::COMPLAINT_STATE), "转为" / "New state", [list];
        CORRECTS = 8: Ref(13), "更正的记录" / "Corrects", [hidden];
    }
}

record! {
    /// A round of talks (P8).
    round = 14, "协商" / "Round of talks", title OFFER, by DAILY;
    basic "协商" / "Round of talks" {
        COMPLAINT = 1: Ref(12), "投诉" / "Complaint", [required hidden owned];
        AT = 2: Instant, "时间" / "Time", [required list];
        STAFF = 3: Ref(15), "经手人" / "Who talked", [list];
        OFFER = 4: Long, "提出的方案" / "What was offered", [required list];
        AMOUNT = 5: Money, "金额" / "Amount", [list];
        ACCEPTED = 6: Tick, "客户接受" / "Accepted", [list];
        ANSWER = 7: Long, "客户的答复" / "Their answer";
    }
}
