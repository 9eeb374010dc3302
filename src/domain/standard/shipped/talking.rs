//! Calls, complaints, visits.

use super::{Shipped, shipped};

pub(super) const CALLS: Shipped = shipped! {
    "calls" 1, "电话礼仪" / "Call manners",
    "接听、拨打和转接电话的标准。" / "How to answer, place and pass on a call.";

    answer "接听" / "Answering", "微笑听得见。" / "A smile can be heard." {
        rings "三声内接起，报店名和姓名" / "Picked up within three rings, with shop and own name";
        name "问清称呼并在通话中使用" / "Asks for the caller's name and uses it";
        note "边听边记，复述时间、数量和号码" / "Takes notes, repeats times, quantities and numbers";
        pass [na] "转接先说明；对方不在时留言并约定回电" / "Explains before passing on; takes a message and agrees when to call back";
    }
    place "拨打" / "Placing", "先想好一句话：为什么打这个电话，对他有什么用。" / "Have one sentence ready: why you call and what is in it for them." {
        time "避开休息和用餐时间，先问是否方便" / "Not at rest or meal times; asks whether it suits";
        consent [critical note] "同意联系的顾客才打关怀电话" / "Care calls only to customers who agreed to be contacted";
        brief "三分钟内说清来意和下一步" / "Purpose and next step within three minutes";
        end "道谢，等对方先挂" / "Thanks, and lets the other hang up first";
    }
};

pub(super) const COMPLAINTS: Shipped = shipped! {
    "complaints" 1, "投诉处理" / "Complaint handling",
    "先处理心情，再处理事情。" / "Feelings first, the matter second.";

    calm "接待" / "Receiving", "请到安静处坐下，倒一杯水。" / "A quiet place, a seat, a glass of water." {
        thank "先道谢和道歉，不辩解、不推给别人" / "Thanks and apologises first; no excuses, no blaming others";
        listen [double] "听顾客讲完，记下原话" / "Hears the customer out and notes their own words";
        repeat "复述事情和感受，得到确认" / "Restates facts and feelings and has them confirmed";
    }
    solve "解决" / "Solving", "给两个方案，让顾客选。" / "Offer two ways and let the customer choose." {
        offer [note] "当场给出补救办法或明确的答复时间" / "Offers a remedy at once or a clear time for the answer";
        limit [critical note action] "不超出权限许诺，超出的当场上报" / "Promises nothing beyond the own limit; refers the rest up at once";
        log "当天登记，写明责任人和期限" / "Logged the same day, with who and by when";
    }
    after "回访" / "Afterwards", "问题变成改进才算完。" / "It is over when it has become an improvement." {
        call [na] "办结后三天内回访，问是否满意" / "Calls back within three days and asks whether all is well";
        prevent "写下防止再发生的一件事" / "One thing written down that keeps it from happening again";
    }
};

pub(super) const VISIT: Shipped = shipped! {
    "visit" 1, "拜访前准备" / "Pre-visit preparation",
    "出门前五分钟，对照一遍。" / "Five minutes before leaving.";

    know "了解" / "Knowing", "看一遍档案，再想一遍目的。" / "The card once more, then the purpose once more." {
        card "看过客户档案、上次往来和未了的承诺" / "Card, last dealing and open promises read";
        aim "目的写成一句话，想好三个问题" / "The purpose in one sentence, three questions ready";
        who "知道见谁，他在决定中的角色" / "Knows whom to meet and their part in the decision";
        date "时间地点已确认" / "Time and place confirmed";
    }
    bring "携带" / "Bringing", "样品擦干净，名片放在右边口袋。" / "Samples wiped, cards in the right pocket." {
        dress "仪容整洁，符合对方场合" / "Groomed and dressed for the occasion";
        papers "资料、样品、报价、案例备齐" / "Papers, samples, quotation and cases at hand";
        gift [na note] "礼品在规定限额内并已登记" / "Any gift is within the limit and registered";
    }
};
