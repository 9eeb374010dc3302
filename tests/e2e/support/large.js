// A shop of any size, the same one every time.

const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"];
const NAMES = [..."伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"];
const TEAS = ["龙井", "普洱", "白茶", "铁观音", "大红袍"];

/** A list of so many customers as CSV. */
export function customers(count) {
  const line = (n) => {
    const name = SURNAMES[n % 20] + NAMES[(n * 7) % 20] + NAMES[(n * 13 + Math.floor(n / 400)) % 20];
    const phone = `13${String(900_000_000 + ((n * 7919) % 99_999_989)).padStart(9, "0")}`;
    return `${name},${phone},${n % 5 ? "女" : "男"},人民路 ${n % 997} 号,第 ${n} 位，喜欢${TEAS[n % 5]}`;
  };
  return ["姓名,电话,性别,地址,备注", ...Array.from({ length: count }, (_, n) => line(n))].join("\n");
}

/** A log of so many complaints as CSV. */
export function complaints(count) {
  const line = (n) => `TS-${String(n).padStart(6, "0")},第 ${n} 件：${TEAS[n % 5]}的包装破了，要求换一份,2026-0${1 + (n % 9)}-1${n % 10}`;
  return ["投诉编号,客户原话,收到时间", ...Array.from({ length: count }, (_, n) => line(n))].join("\n");
}
