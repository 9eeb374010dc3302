//! The reception in seven steps.

use super::{Shipped, shipped};

pub(super) const RECEPTION: Shipped = shipped! {
    "reception" 1, "接待七步" / "Reception in seven steps",
    "从顾客进门到送别的七步服务标准，用于自查、检查和暗访。" /
    "The seven steps from the door to the farewell, for self-check, inspection and mystery visit.";

    greet "热情迎客，等待时机" / "Greet warmly and wait for the moment",
    "站在看得见门口的地方，手上留一点整理的活，显得从容。" /
    "Stand in sight of the door with some tidying in hand: it looks unhurried." {
        welcome [critical note] "顾客进门三秒内有目光、微笑和问候" / "Eye contact, a smile and a greeting within three seconds of the door";
        post "站姿端正，不聚堆聊天，不看手机" / "Upright at the post: no chatting in groups, no phone";
        space "问候后留出空间，不紧跟、不堵路" / "Leaves room after the greeting: no trailing, no blocking the way";
        busy [na] "手上有顾客时，也向新到的点头示意" / "Nods to a newcomer even while serving somebody else";
    }
    approach "抓住时机，适时接近" / "Seize the moment and approach",
    "停步、触摸、找标签、抬头张望，就是时机。从侧前方走近，一臂之外停下。" /
    "Stopping, touching, looking for the tag, looking up: that is the moment. Come from the front and side, stop an arm's length away." {
        moment [double] "接近的时机" / "The moment of the approach" {
            "没有接近" / "No approach at all";
            "顾客开口喊人才过去" / "Came only when called";
            "过早或过晚，顾客有些不自在" / "Too early or too late, the customer uneasy";
            "时机合适，说法一般" / "Right moment, plain words";
            "时机合适，一句话就接上顾客正在看的东西" / "Right moment, and the first words meet what the customer is looking at";
        };
        opening "第一句不是“要买什么”，而是说商品或提供帮助" / "Opens with the goods or an offer of help, not with \"What do you want?\"";
        listen "先问用途、给谁用、看重什么，再介绍" / "Asks what for, for whom and what matters before presenting";
    }
    show "展示商品，介绍清楚" / "Show and introduce",
    "让顾客看到、摸到、试到；先说对他有什么用，再说是什么做的。" /
    "Let them see, touch and try; say what it does for them before what it is made of." {
        hands "双手取放，轻拿轻放，主动递到顾客手里" / "Handles goods with both hands and care, and puts them into the customer's hands";
        benefit [double] "介绍的质量" / "The quality of the presentation" {
            "说错或答不上来" / "Wrong, or no answer";
            "只报价格和名称" / "Price and name only";
            "背诵特点，与顾客无关" / "Recites features that mean nothing to this customer";
            "说出与需要有关的好处" / "Names benefits that fit the need";
            "好处、依据、演示俱全，顾客主动追问" / "Benefit, proof and trial; the customer asks on";
        };
        choice "拿出两三件供比较，不一次堆满柜台" / "Shows two or three to compare, not a counter full";
        honest [critical note action] "不夸大，不贬低别家，缺点如实说" / "No exaggeration, no running down of others, weak points told";
    }
    advise "出主意，做推荐" / "Advise and recommend",
    "推荐要有一个理由，理由来自顾客自己说过的话。" /
    "A recommendation has one reason, taken from the customer's own words." {
        fit [double] "推荐与需要的贴合" / "How well the advice fits" {
            "没有推荐" / "No advice";
            "只推贵的或要清的货" / "Only what is dear or must go";
            "推荐合适，没有理由" / "Fitting, but without a reason";
            "推荐合适，理由清楚" / "Fitting, with a clear reason";
            "替顾客省钱省事，并提到搭配或养护" / "Saves the customer money or trouble, and mentions what goes with it or its care";
        };
        doubt "顾客有疑虑时先认同再解释，不争辩" / "Meets doubts with understanding first, then explains; no arguing";
        together [na] "陪同来的人也照顾到" / "Looks after those who came along";
    }
    close "建立信任，促成交易" / "Build trust and close",
    "顾客问售后、问价钱、反复看同一件，就可以请他决定了。" /
    "Asking about service or price, or coming back to the same piece: time to ask for the decision." {
        signal "看懂成交信号，停止再添新货" / "Reads the buying signal and stops adding goods";
        ask "请顾客决定一次，不催促、不冷脸" / "Asks for the decision once, without pressing or sulking";
        promise [critical note] "售后、退换的承诺说清楚，不许做不到的" / "Service and returns are told clearly; nothing is promised that cannot be kept";
    }
    pay "收银包装" / "Take payment and wrap",
    "唱收唱付，当面点清；包装前请顾客再看一眼商品。" /
    "Say the amounts aloud and count in sight; let the customer look at the goods once more before wrapping." {
        amount [na] "唱收唱付，找零和小票双手递上" / "Says the amount taken and given; change and receipt with both hands";
        wrap [na] "包装前一起验货，包得整齐、好拿" / "Checks the goods together, wraps neatly and easy to carry";
        care [na] "讲清使用、保养和凭证怎么留" / "Explains use, care and which paper to keep";
        contact [na] "征得同意再留联系方式" / "Asks leave before taking down contact details";
    }
    farewell "道别送客" / "Say goodbye and see off",
    "没买的顾客更要送好：他记得最后一句话。" /
    "See off those who did not buy even better: they remember the last words." {
        thanks "买与不买都道谢，送到门口或柜台外" / "Thanks buyers and others alike, and walks them to the door or past the counter";
        left [na] "提醒带好随身物品" / "Reminds them of their belongings";
        next "留一个再来的理由：新货、回访、保养" / "Leaves a reason to return: new goods, a call, a service";
        record "离开后十分钟内记下顾客和下一步" / "Notes the customer and the next step within ten minutes";
    }
};
