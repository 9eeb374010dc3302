//! The day of a shop: opening and morning meeting.

use super::{Shipped, shipped};

pub(super) const OPENING: Shipped = shipped! {
    "opening" 1, "开店准备" / "Shop opening",
    "开门前十五分钟，按顺序走一遍。" / "One walk in this order, fifteen minutes before the door opens.";

    place "店面" / "The place", "先从街对面看一眼自己的店。" / "Look at your shop from across the street first." {
        front "门头、橱窗、灯光干净完好" / "Sign, window and lights clean and whole";
        floor "地面、试用区、洗手间干净无异味" / "Floor, trial area and washroom clean and fresh";
        safe [critical note action] "通道畅通，消防器材在位，电线无裸露" / "Ways clear, fire equipment in place, no bare wires";
    }
    goods "商品" / "The goods", "缺一个价签，就少一次开口的机会。" / "A missing tag is a question that is never asked." {
        full "货架补满，主推陈列到位" / "Shelves filled, featured goods in place";
        price [critical note] "价签齐全，与系统一致" / "Every price tag there and as in the system";
        dates [na action] "临期和破损商品已撤下" / "Goods near their date or damaged are taken off";
    }
    people "人员" / "The people", "先照镜子，再开门。" / "The mirror first, then the door." {
        dress "工装、工牌、仪容整齐" / "Uniform, badge and grooming in order";
        cash "备用金点清，收银和网络可用" / "Float counted, till and network working";
        tools "包装、单据、试用品备齐" / "Wrapping, forms and testers at hand";
    }
};

pub(super) const MEETING: Shipped = shipped! {
    "meeting" 1, "晨会五点" / "Morning meeting in five points",
    "十分钟，站着开，五点都讲到。" / "Ten minutes, standing, all five points.";

    points "五点" / "Five points", "主持人轮换，每人至少说一句。" / "The chair rotates; everybody says at least one sentence." {
        yesterday "昨天：数字、做得好的一件事" / "Yesterday: the figures, and one thing done well";
        today "今天：目标分到人，班次和任务清楚" / "Today: a target for each person, shifts and tasks clear";
        goods "商品：新货、缺货、活动和价格变化" / "Goods: new, out of stock, offers, changed prices";
        customer "顾客：预约、生日、到期的承诺和投诉" / "Customers: appointments, birthdays, promises and complaints due";
        practice "练习：一个服务要点，两人演一遍" / "Practice: one point of service, played by two";
    }
};
