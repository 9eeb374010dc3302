//! Dictionaries (G2): the choice lists of the shop, as shipped.
//!
//! An entry is known by its list and key. What the shop renames, reorders, retires or adds is kept as rows of the kind
//! [`entry`](super::team::entry) over these; a shipped entry's row has the same id on every device, see
//! [`List::row_of`]. A retired entry stays readable on old records.

use crate::book::RowId;
use crate::words::{Words, words};

/// A dictionary.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Name in files: `nature`.
    pub key: &'static str,
    /// Name for people.
    pub words: Words,
    /// What is shipped, in order.
    pub entries: &'static [Entry],
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
impl Eq for List {}

/// One shipped entry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Name in files and in the book.
    pub key: &'static str,
    /// Name for people.
    pub words: Words,
    /// The entry that it stands under, for lists of two levels (P1); empty at the top.
    pub under: &'static str,
}

impl List {
    /// The row that holds what the shop changed of an entry.
    pub fn row_of(&self, key: &str) -> RowId {
        RowId::shipped(&format!("{}/{key}", self.key))
    }

    /// The shipped entry with this key.
    pub fn shipped(&self, key: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

macro_rules! lists {
    ($( $(#[$doc:meta])* $name:ident = $key:literal $zh:literal / $en:literal {
        $( $entry:ident $ezh:literal / $een:literal $(under $under:ident)? ; )*
    } )*) => {
        $(
            $(#[$doc])*
            pub const $name: List = List {
                key: $key,
                words: words($zh, $en),
                entries: &[$(Entry {
                    key: stringify!($entry),
                    words: words($ezh, $een),
                    under: concat!($(stringify!($under))?),
                }),*],
            };
        )*
        /// Every dictionary, in the order of the settings.
        pub const ALL: &[List] = &[$($name),*];
    };
}

lists! {
    /// Natures of a customer (C5).
    NATURE = "nature" "客户性质" / "Nature" {
        individual "个人" / "Individual";
        company "公司" / "Company";
        special_company "特殊公司" / "Special company";
        government "政府机关" / "Government";
        partner "交易伙伴" / "Trading partner";
    }
    /// By time (C9).
    BY_TIME = "by_time" "时间" / "By time" {
        old "老客户" / "Old";
        new "新客户" / "New";
        future "未来客户" / "Future";
    }
    /// By deal process (C9).
    BY_PROCESS = "by_process" "交易过程" / "By deal process" {
        had "曾有交易" / "Had dealings";
        ongoing "正在交易" / "Ongoing";
        about_to "即将交易" / "About to deal";
    }
    /// By volume and position (C9).
    BY_VOLUME = "by_volume" "交易数量与地位" / "By volume" {
        main "主力客户" / "Main";
        ordinary "一般客户" / "Ordinary";
        occasional "零散客户" / "Occasional";
    }
    /// Customer levels; the shop's own names are added by an import.
    GRADE = "grade" "等级" / "Grade" {
        a "A 钻石" / "A Diamond";
        b "B 铂金" / "B Platinum";
        c "C 银卡" / "C Silver";
    }
    /// Part in the decision of a key person (C6).
    PART = "part" "决策角色" / "Part in decisions" {
        decides "决策" / "Decides";
        influences "影响" / "Influences";
        uses "使用" / "Uses";
        gatekeeps "把关" / "Gatekeeps";
    }
    /// Ways a dealing takes place (C20).
    DEALING = "dealing" "往来方式" / "Kind of dealing" {
        in_shop "到店" / "In shop";
        call "电话" / "Call";
        message "消息" / "Message";
        visit "拜访" / "Visit";
        callback "回访" / "Call-back";
        guidance "指导" / "Guidance";
        event "活动" / "Event";
        courtesy "礼节性拜访" / "Courtesy visit";
    }
    /// Purposes of a visit (C21).
    PURPOSE = "purpose" "目的" / "Purpose" {
        learn "了解需求" / "Learn needs";
        smooth "融洽关系" / "Smooth the relation";
        gather "收集信息" / "Gather information";
        guide "指导帮助" / "Guide and help";
    }
    /// Satisfaction in one tap (C21, S8, P9).
    SATISFACTION = "satisfaction" "满意度" / "Satisfaction" {
        very "很满意" / "Very satisfied";
        satisfied "满意" / "Satisfied";
        neutral "一般" / "Neutral";
        unhappy "不满意" / "Unhappy";
    }
    /// Why a customer is retired (C19).
    RETIRED = "retired" "停用原因" / "Reason for retiring" {
        closed "已停业" / "Closed down";
        moved "已搬离" / "Moved away";
        unreachable "联系不上" / "Unreachable";
        refuses "拒绝联系" / "Refuses contact";
        mistaken "录入有误" / "Entered by mistake";
    }
    /// Ways consent was given (C8).
    CONSENT = "consent" "同意方式" / "Consent given" {
        signed "书面" / "In writing";
        spoken "口头" / "Spoken";
        online "线上" / "Online";
        withdrawn "已撤回" / "Withdrawn";
    }
    /// How a standard is used (S3).
    USE = "use" "检查方式" / "Kind of check" {
        self_check "自查" / "Self-check";
        inspection "检查" / "Inspection";
        mystery "暗访" / "Mystery visit";
        quick "快速记录" / "Quick ticks";
    }
    /// States of a corrective action (S4).
    ACTION = "action" "整改状态" / "State of action" {
        open "待整改" / "Open";
        done "待复查" / "Done, to be re-checked";
        verified "已通过" / "Verified";
        reopened "重新整改" / "Reopened";
    }
    /// Kinds of visitor (S7).
    VISITOR = "visitor" "顾客类型" / "Kind of visitor" {
        came_to_buy "专程购买" / "Came to buy";
        looking_at_market "了解行情" / "Looking at the market";
        just_looking "随意浏览" / "Just looking";
    }
    /// Approaches (S7).
    APPROACH = "approach" "接近方式" / "Approach" {
        service "服务接近" / "Service approach";
        greeting "打招呼接近" / "Greeting approach";
        product "商品接近" / "Product approach";
    }
    /// Needs foreseen (S7).
    NEED = "need" "预见的需要" / "Needs foreseen" {
        information "信息需要" / "Information";
        surroundings "环境需要" / "Surroundings";
        feeling "情感需要" / "Feeling";
    }
    /// The ten stages of the buying path (S7).
    STAGE = "stage" "离开阶段" / "Stage at which they left" {
        look "店面印象" / "Look of the shop";
        notice "留意" / "Notice";
        observe "观察" / "Observe";
        interest "兴趣" / "Interest";
        association "联想" / "Association";
        desire "欲望" / "Desire";
        compare "比较" / "Compare";
        decide "决定" / "Decide";
        act "行动" / "Act";
        afterwards "购后" / "Afterwards";
    }
    /// Outcomes of a reception (S7).
    OUTCOME = "outcome" "结果" / "Outcome" {
        bought "成交" / "Bought";
        will_return "约定再来" / "Will return";
        left "未成交" / "Left without buying";
    }
    /// Complaint, suggestion or praise (P11).
    VOICE = "voice" "类别" / "Sort of voice" {
        complaint "投诉" / "Complaint";
        suggestion "建议" / "Suggestion";
        praise "表扬" / "Praise";
    }
    /// Kinds of complaint in two levels (P1).
    COMPLAINT = "complaint" "投诉种类" / "Kind of complaint" {
        goods "商品" / "Goods";
        quality "质量差" / "Poor quality" under goods;
        price "价格高" / "Price too high" under goods;
        label "标示不符" / "Label does not match" under goods;
        service "服务" / "Service";
        manner "服务方式" / "Way of serving" under service;
        attitude "服务态度" / "Attitude" under service;
        conduct "员工行为" / "Staff conduct" under service;
        operation "操作失误" / "Faulty operation" under service;
        rules "规定本身" / "The rules themselves" under service;
        other "其他" / "Other";
        promotion "促销" / "Promotion" under other;
        premises "场所设施" / "Premises" under other;
    }
    /// Severity (P2).
    SEVERITY = "severity" "严重程度" / "Severity" {
        slight "轻微" / "Slight";
        ordinary "一般" / "Ordinary";
        serious "严重" / "Serious";
    }
    /// What the customer wishes (P3).
    WISH = "wish" "客户要求" / "Wish" {
        take_back "退货" / "Return";
        exchange "换货" / "Exchange";
        compensation "赔偿" / "Compensation";
        apology "道歉" / "Apology";
        other "其他" / "Other";
    }
    /// States of a complaint (P5).
    COMPLAINT_STATE = "complaint_state" "处理状态" / "State" {
        received "已受理" / "Received";
        acknowledged "已确认" / "Acknowledged";
        assessed "已评估" / "Assessed";
        investigated "已调查" / "Investigated";
        answered "已答复" / "Answered";
        decided "已决定" / "Decided";
        closed "已结案" / "Closed";
        waiting "等待客户" / "Waiting for the customer";
        referred "已上报" / "Referred up";
        withdrawn "已撤诉" / "Withdrawn";
        reopened "重新处理" / "Reopened";
    }
    /// Steps of CLEAR (P4) and the other entries of the log.
    STEP = "step" "处理步骤" / "Step" {
        control "控制情绪" / "Control yourself";
        listen "倾听诉说" / "Listen";
        establish "建立共鸣" / "Establish rapport";
        apologise "表示歉意" / "Apologise";
        resolve "提出方案" / "Resolve";
        state "状态变更" / "Change of state";
        handover "转交同事" / "Handed over";
        note "补充说明" / "Note";
        correction "更正" / "Correction";
    }
    /// Days of the week, the first day of work first (G6).
    WEEKDAY = "weekday" "星期" / "Day of the week" {
        mon "周一" / "Monday";
        tue "周二" / "Tuesday";
        wed "周三" / "Wednesday";
        thu "周四" / "Thursday";
        fri "周五" / "Friday";
        sat "周六" / "Saturday";
        sun "周日" / "Sunday";
    }
    /// Roles in the team (M3).
    ROLE = "role" "角色" / "Role" {
        owner "负责人" / "Owner";
        keeper "档案管理员" / "Archive keeper";
        manager "店长" / "Manager";
        staff "店员" / "Staff";
        viewer "只读" / "Viewer";
    }
    /// Shapes of a field that the shop adds (G3).
    FIELD_SHAPE = "field_shape" "字段类型" / "Type of field" {
        text "文字" / "Text";
        whole "数字" / "Number";
        day "日期" / "Date";
        choice "选项" / "Choice";
        tick "勾选" / "Tick";
    }
    /// Record kinds that take the shop's own fields (G3).
    FIELD_OF = "field_of" "用于" / "Used on" {
        customer "客户" / "Customer";
        complaint "投诉" / "Complaint";
        check "检查" / "Check";
    }
}
