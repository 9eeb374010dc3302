// The same customers and queries for every contender, from a fixed seed.

const SEED = 20_251_121;

/** Surnames with their readings, the frequent ones several times. */
const SURNAMES = pairs(
  "王wang 王wang 王wang 李li 李li 李li 张zhang 张zhang 张zhang 刘liu 刘liu 陈chen 陈chen 杨yang 黄huang 赵zhao 吴wu " +
    "周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han " +
    "邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng " +
    "魏wei 苏su 吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin " +
    "单shan 仇qiu 解xie 查zha 翟zhai 覃qin",
);

const GIVEN = pairs(
  "伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming 超chao " +
    "秀xiu 霞xia 平ping 刚gang 桂gui 英ying 玉yu 兰lan 红hong 建jian 国guo 志zhi 梦meng 婷ting 雨yu 欣xin 子zi 轩xuan " +
    "浩hao 宇yu 思si 远yuan 一yi 诺nuo 嘉jia 怡yi 晨chen 曦xi 文wen 辉hui 鹏peng 飞fei 海hai 波bo 云yun 峰feng 龙long " +
    "凤feng 春chun 梅mei 雪xue 琴qin 莉li 萍ping 燕yan 玲ling 佳jia 琪qi 俊jun 博bo 泽ze 睿rui 涵han 瑶yao 倩qian 颖ying " +
    "松song 柏bai 林lin 森sen 江jiang 河he 山shan 川chuan 东dong 南nan 北bei 西xi 金jin 银yin 宝bao 珍zhen 珠zhu 福fu " +
    "贵gui 荣rong 华hua 富fu 康kang 健jian 安an 宁ning 和he 顺shun",
);

const TOWNS = ["上海市浦东新区", "北京市朝阳区", "广州市天河区", "成都市武侯区", "杭州市西湖区", "厦门市思明区", "武汉市江汉区"];
const ROADS = ["世纪大道", "建国路", "天府大道北段", "文三路", "解放碑步行街", "湖滨南路", "长安街", "中山东路", "人民路"];
const FIRST = ["宏达", "鑫源", "顺丰", "永兴", "金桥", "华联", "东方", "百盛", "康泰", "新世纪", "远大", "同仁", "光明", "长城"];
const SECOND = ["贸易", "餐饮", "装饰", "物流", "科技", "服装", "建材", "教育", "食品", "电器"];
const KIND = ["有限公司", "商行", "经营部", "中心"];
const NOTES = [
  "喜欢喝茶，周末来店",
  "对花生过敏，点单时提醒",
  "先生陪同，意见多",
  "介绍人是李姐",
  "要求开票，税号另附",
  "尺码偏大，偏好蓝色",
  "新品到货先打电话",
  "",
  "",
];

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pairs(text) {
  return text.split(" ").map((pair) => [pair.slice(0, 1), pair.slice(1)]);
}

/**
 * So many customers. `find` is what a peer without pinyin searches: the words of the name in Han, in pinyin and in
 * initials, the phones, the employer. It is made here so that no peer has to pay for it.
 */
export function customers(count) {
  const random = seeded(SEED);
  const below = (end) => Math.floor(random() * end);
  const pick = (list) => list[below(list.length)];
  const two = (number) => String(number).padStart(2, "0");
  const day = (from, years) => `${from + below(years)}-${two(1 + below(12))}-${two(1 + below(28))}`;
  const mobile = () => `+861${3 + below(7)}${String(below(1_000_000_000)).padStart(9, "0")}`;
  const all = [];
  for (let at = 0; at < count; at += 1) {
    const name = [pick(SURNAMES), pick(GIVEN), ...(random() < 0.75 ? [pick(GIVEN)] : [])];
    const [han, pinyin, initials] = [
      name.map((pair) => pair[0]).join(""),
      name.map((pair) => pair[1]).join(""),
      name.map((pair) => pair[1][0]).join(""),
    ];
    const phone = mobile();
    const other = random() < 0.2 ? mobile() : "";
    const employer = random() < 0.6 ? pick(FIRST) + pick(SECOND) + pick(KIND) : "";
    all.push({
      id: id(random),
      name: han,
      phone,
      other,
      employer,
      address: `${pick(TOWNS)}${pick(ROADS)}${1 + below(999)}号${1 + below(30)}栋${101 + below(2800)}室`,
      grade: pick(["a", "b", "c", "c", ""]),
      birthday: random() < 0.7 ? day(1948, 58) : "",
      spent: random() < 0.8 ? below(9_000_000) : 0,
      times: below(60),
      last: day(2021, 5),
      next: random() < 0.3 ? day(2025, 2) : "",
      note: pick(NOTES),
      find: `${han} ${pinyin} ${initials} ${phone.slice(3)} ${other.slice(3)} ${employer}`,
    });
  }
  return all;
}

/** Sixteen random bytes, as the app names its rows. */
function id(random) {
  const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // PouchDB keeps names that begin with a line to itself.
  let text = signs[Math.floor(random() * 62)];
  for (let at = 0; at < 20; at += 1) text += signs[Math.floor(random() * 64)];
  // The last sign holds the two bits that are left.
  return text + "AQgw"[Math.floor(random() * 4)];
}

/** Fifty queries as people type them; each finds somebody. */
export function queries(all) {
  const random = seeded(SEED + 1);
  const any = () => all[Math.floor(random() * all.length)];
  const withEmployer = () => {
    for (;;) {
      const one = any();
      if (one.employer) return one;
    }
  };
  const words = (one) => one.find.split(" ");
  const times = (count, make) => Array.from({ length: count }, make);
  return [
    ...times(8, () => any().name),
    ...times(3, () => any().name.slice(1)),
    ...times(3, () => withEmployer().employer.slice(0, 4)),
    ...times(9, () => words(any())[1]),
    ...times(3, () => words(any())[1].slice(0, 5)),
    ...times(8, () => words(any())[2]),
    ...times(2, () => words(any())[2].slice(0, 2)),
    ...times(8, () => any().phone.slice(-4)),
    ...times(3, () => any().phone.slice(5, 11)),
    ...times(3, () => any().name.slice(0, 2)),
  ];
}

/** Which customers two devices edit while apart: `edits` each, a tenth of them the same. */
export function offline(all, edits) {
  const random = seeded(SEED + 2);
  const places = new Set();
  while (places.size < edits * 2 - edits / 10) places.add(Math.floor(random() * all.length));
  const ids = [...places].map((place) => all[place].id);
  const same = ids.slice(0, edits / 10);
  const rest = ids.slice(edits / 10);
  return { same, first: [...same, ...rest.slice(0, edits * 0.9)], second: [...same, ...rest.slice(edits * 0.9)] };
}

/** What a row of the list shows of a customer. */
export function projected(one) {
  const { id, name, phone, employer, grade, spent, next } = one;
  return { id, name, phone, employer, grade, spent, next };
}
