//! Tip cards of the reception record (S7): one short advice for each kind of visitor, approach and stage.

use crate::domain::lists::{APPROACH, List, STAGE, VISITOR};
use crate::words::{Words, words};

/// The advice for an entry of a dictionary; none for entries that the shop added.
pub fn tip(list: List, key: &str) -> Option<Words> {
    let table = match list {
        list if list == VISITOR => VISITORS,
        list if list == APPROACH => APPROACHES,
        list if list == STAGE => STAGES,
        _ => return None,
    };
    table.iter().find(|(entry, _)| *entry == key).map(|(_, words)| *words)
}

const VISITORS: &[(&str, Words)] = &[
    (
        "came_to_buy",
        words(
            "他知道要什么：马上接待，少介绍，快办好，再提一件配套的。",
            "They know what they want: serve at once, say little, be quick, then mention one thing that goes with it.",
        ),
    ),
    (
        "looking_at_market",
        words(
            "他在比较：给一个准确的价和一个别家没有的理由，送一份资料，约下次。",
            "They compare: give one exact price and one reason to choose you, a leaflet, and a next time.",
        ),
    ),
    (
        "just_looking",
        words(
            "他来逛：问候后让他看，停步时再上前，说商品不说买卖。",
            "They browse: greet, let them look, come when they stop, and talk of the goods, not of buying.",
        ),
    ),
];

const APPROACHES: &[(&str, Words)] = &[
    (
        "service",
        words(
            "“您想看看哪一类？我拿给您。”适合目标明确的顾客。",
            "\"What may I bring you?\" For those with a clear aim.",
        ),
    ),
    (
        "greeting",
        words(
            "“早上好，随便看，有事叫我。”适合刚进门的顾客。",
            "\"Good morning, feel free to look.\" For those just in.",
        ),
    ),
    (
        "product",
        words(
            "“这款是昨天刚到的，您试试手感。”适合已停在商品前的顾客。",
            "\"This came in yesterday; feel it.\" For those standing at a piece.",
        ),
    ),
];

const STAGES: &[(&str, Words)] = &[
    (
        "look",
        words("没进来：看门头、橱窗、门口是否堵着。", "Did not come in: look at sign, window and a blocked door."),
    ),
    ("notice", words("没注意到：主推放到视线高度，加灯。", "Did not notice: featured goods at eye level, with light.")),
    ("observe", words("看了就走：让商品可以拿、可以试。", "Looked and left: let goods be picked up and tried.")),
    ("interest", words("没兴趣深谈：先问用途，再说一个好处。", "No deeper talk: ask what for, then one benefit.")),
    ("association", words("想不出用处：说一个同样顾客的例子。", "Saw no use: tell of a customer like them.")),
    ("desire", words("想要但不急：说明现在买的实在理由。", "Wanted it, no hurry: a plain reason for now.")),
    (
        "compare",
        words("去比较了：给比较单，约定回来的时间。", "Went to compare: a sheet to compare, a time to return."),
    ),
    ("decide", words("拿不定主意：减少选择，请他试一次。", "Could not decide: fewer choices, one more trial.")),
    ("act", words("付款前走了：看排队、支付方式、包装。", "Left before paying: queue, ways to pay, wrapping.")),
    (
        "afterwards",
        words("买后不满：三天内回访，当天补救。", "Unhappy afterwards: call within three days, mend the same day."),
    ),
];
