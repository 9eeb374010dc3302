//! Customers and all that surrounds them: key persons, dealings, deals, tasks, promises.

use crate::record;

record! {
    /// The customer's card (C1, C2, C5, C8, C9, C19).
    customer = 1, "客户" / "Customer", title NAME, by DAILY;
    head "客户" / "Customer" {
        NAME = 1: Text, "姓名" / "Name", [required personal search list], also "客户姓名" "客户名称" "名称" "联系人" "full name" "customer" "business_name" "fn";
        PHONE = 2: Phone, "电话" / "Phone", [personal search list], also "手机号码" "手机" "手机号" "联系电话" "电话号码" "mobile" "tel" "telephone";
        MORE_PHONES = 3: Phones, "其他电话" / "Other phones", [personal search], also "备用电话" "固定电话" "座机" "other phone" "phone 2";
        NATURE = 4: Choice(lists::NATURE), "客户性质" / "Nature", also "性质" "类型";
        EMPLOYER = 5: Text, "单位" / "Employer", [search list], also "工作单位" "公司" "单位名称" "company" "organization" "org" "dba_name";
        POSITION = 6: Text, "职务" / "Position", [personal person], also "职位" "title" "job title";
        ADDRESS = 7: Place, "地址" / "Address", [personal], also "联系地址" "家庭住址" "street_address" "street" "adr";
        GRADE = 8: Choice(lists::GRADE), "等级" / "Grade", [list], also "会员级别" "级别" "会员等级" "level" "tier";
    }
    basic "基本资料" / "Basic data" {
        SALUTATION = 10: Text, "称呼" / "Form of address", [person], also "尊称" "salutation";
        BIRTHDAY = 11: Annual, "生日" / "Birthday", [personal person], also "出生日期" "bday" "date of birth";
        MAIL = 12: Mail, "邮箱" / "E-mail", [personal search], also "电子邮件" "email" "mail";
        WECHAT = 13: Text, "微信" / "WeChat", [personal search], also "微信号" "wechat id";
        LINK = 14: Link, "网址" / "Website", also "网站" "url";
        LEGAL_FORM = 15: Text, "组织形式" / "Legal form", [org], also "企业性质";
        MANAGERS = 16: Text, "负责人" / "Managers", [org], also "经营管理者";
        INDUSTRY = 17: Text, "行业" / "Industry", [org], also "所属行业" "primary_naics_description";
        STAFF_COUNT = 18: Whole, "人数" / "Number of people", [org], also "员工人数" "employees";
        FIRST_DEAL = 19: Day, "首次交易" / "First deal", also "开始日期" "location_start_date" "customer since";
        TAGS = 20: Tags, "标签" / "Tags", [search], also "标签" "categories";
        NOTE = 21: Long, "备注" / "Note", [search], also "说明" "remark" "notes";
        STAFF = 22: Ref(15), "负责员工" / "Account manager", also "客户经理" "owner";
        PARENT = 23: Ref(1), "上级单位" / "Parent organisation", [org];
    }
    traits "客户特征" / "Characteristics" {
        AREA = 30: Text, "服务区域" / "Area served", [org], also "city";
        SELLING_POWER = 31: Text, "销售能力" / "Selling power", [org];
        POTENTIAL = 32: Text, "发展潜力" / "Potential";
        ATTITUDE = 33: Long, "观念与态度" / "Attitude";
        FAMILY = 34: Long, "家庭" / "Family", [personal person soft];
        WORK = 35: Long, "工作" / "Work", [personal person soft];
        CHARACTER = 36: Text, "性格" / "Character", [personal person soft];
        HABITS = 37: Long, "习惯" / "Habits", [personal person soft];
        TASTE = 38: Long, "喜好" / "Taste", [personal person soft], also "爱好" "偏好";
        SERVED = 39: Long, "接待偏好" / "How they like to be served", [person soft];
        STYLE = 40: Text, "尺码与款式" / "Sizes and styles", [person], also "尺码" "size";
    }
    business "业务状况" / "State of business" {
        RESULTS = 50: Long, "经营业绩" / "Results past and present", [org];
        PEOPLE = 51: Long, "人员素质" / "Their people", [org];
        COOPERATION = 52: Long, "合作关系" / "Cooperation";
        SPENT = 53: Money, "累计消费" / "Spent in all", [list], also "消费金额" "累计金额" "total spent" "amount";
        TIMES = 54: Whole, "消费次数" / "Purchases", also "次数" "visits" "orders";
        LAST_DEAL = 55: Day, "最近消费" / "Last deal", also "最近消费日期" "最后消费" "last purchase";
    }
    dealings "交易现状" / "Current dealings" {
        BUYS = 60: Long, "购买内容与方式" / "What and how they buy";
        NEEDS = 61: Long, "需要与对策" / "Needs and our answer";
        CREDIT = 62: Text, "信用状况" / "Credit";
        TERMS = 63: Text, "交易条件" / "Terms";
        TROUBLE = 64: Long, "存在的问题" / "Past trouble";
        NEXT_STEP = 65: Text, "下一步" / "Next step", [search];
        NEXT_DAY = 66: Day, "下一步日期" / "Next step on", [list];
    }
    axes "分类" / "Classification" {
        BY_TIME = 70: Choice(lists::BY_TIME), "时间（手动）" / "By time (by hand)";
        BY_PROCESS = 71: Choice(lists::BY_PROCESS), "交易过程（手动）" / "By deal process (by hand)";
        BY_VOLUME = 72: Choice(lists::BY_VOLUME), "数量与地位（手动）" / "By volume (by hand)";
        AXIS_REASON = 73: Text, "手动分类的理由" / "Reason for the classification by hand";
        RETIRED = 74: Choice(lists::RETIRED), "停用原因" / "Retired because";
        CONFIRMED = 75: Answers, "资料核实" / "Data confirmed", [hidden];
    }
    consent "同意" / "Consent" {
        CONSENT = 80: Choice(lists::CONSENT), "同意方式" / "Consent given", [personal];
        CONSENT_FOR = 81: Text, "用途" / "Purpose", [personal];
        CONSENT_DAY = 82: Day, "日期" / "Date", [personal];
    }
}

record! {
    /// A key person of an organisation (C6).
    contact = 2, "关键人" / "Key person", title NAME, by DAILY;
    basic "关键人" / "Key person" {
        CUSTOMER = 1: Ref(1), "所属客户" / "Customer", [required hidden owned];
        NAME = 2: Text, "姓名" / "Name", [required personal search list];
        POSITION = 3: Text, "职务" / "Position", [personal list];
        PART = 4: Choice(lists::PART), "决策角色" / "Part in decisions", [list];
        PHONE = 5: Phone, "电话" / "Phone", [personal search list];
        BIRTHDAY = 6: Annual, "生日" / "Birthday", [personal];
        LIKES = 7: Long, "喜好" / "Likes", [personal];
        KNOWN_BY = 8: Ref(15), "我方联系人" / "Who of us knows them";
        NOTE = 9: Long, "备注" / "Note";
    }
}

record! {
    /// A dealing (C20, C21): what was said and what comes next.
    dealing = 3, "往来" / "Dealing", title POINTS, by DAILY;
    basic "往来" / "Dealing" {
        CUSTOMER = 1: Ref(1), "客户" / "Customer", [required hidden owned];
        AT = 2: Instant, "时间" / "Time", [required list];
        MANNER = 3: Choice(lists::DEALING), "方式" / "Manner", [required list];
        PLACE = 4: Text, "地点" / "Place";
        POINTS = 5: Long, "要点" / "Main points", [required search list];
        OPINION = 6: Long, "客户看法" / "What the customer thinks";
        NEXT_STEP = 7: Text, "下一步" / "Next step", [list];
        NEXT_DAY = 8: Day, "下一步日期" / "Next step on", [list];
    }
    visit "拜访" / "Visit" {
        PURPOSE = 10: Choice(lists::PURPOSE), "目的" / "Purpose";
        DECIDER = 11: Tick, "见到了决策人" / "Met a decider";
        OBJECTIONS = 12: Long, "异议与答复" / "Objections with answers";
        COMPETITOR = 13: Text, "听到的竞争对手" / "Competitor heard of";
        DEMANDS = 14: Long, "要求与建议" / "Demands and suggestions", [search];
        SATISFACTION = 15: Choice(lists::SATISFACTION), "满意度" / "Satisfaction", [list];
        STAFF = 16: Ref(15), "经手人" / "Staff member";
    }
}

record! {
    /// A deal (C26).
    deal = 4, "成交" / "Deal", title ITEMS, by DAILY;
    basic "成交" / "Deal" {
        CUSTOMER = 1: Ref(1), "客户" / "Customer", [required hidden owned];
        DAY = 2: Day, "日期" / "Date", [required list];
        AMOUNT = 3: Money, "金额" / "Amount", [required list];
        ITEMS = 4: Long, "商品" / "Items", [search list];
        STAFF = 5: Ref(15), "经手人" / "Staff member";
        NOTE = 6: Long, "备注" / "Note";
    }
}

record! {
    /// A task (C23, C25, C28).
    task = 5, "任务" / "Task", title WHAT, by DAILY;
    basic "任务" / "Task" {
        WHAT = 1: Text, "内容" / "What to do", [required search list];
        DUE = 2: Day, "日期" / "Due", [list];
        CUSTOMER = 3: Ref(1), "客户" / "Customer", [list owned];
        STAFF = 4: Ref(15), "负责人" / "Who", [list];
        NOTE = 5: Long, "备注" / "Note";
        DONE = 6: Instant, "完成时间" / "Done at", [hidden];
    }
}

record! {
    /// A promise to a customer (C24).
    promise = 6, "承诺" / "Promise", title WHAT, by DAILY;
    basic "承诺" / "Promise" {
        WHAT = 1: Text, "内容" / "What was promised", [required search list];
        DUE = 2: Day, "期限" / "By", [required list];
        CUSTOMER = 3: Ref(1), "客户" / "To whom", [required list owned];
        STAFF = 4: Ref(15), "负责人" / "Who keeps it", [list];
        KEPT = 5: Tick, "已兑现" / "Kept", [hidden];
        SETTLED = 6: Instant, "了结时间" / "Settled at", [hidden];
        NOTE = 7: Long, "备注" / "Note";
    }
}
