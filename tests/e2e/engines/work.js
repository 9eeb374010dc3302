// The daily work and the sharing, done by hands on any engine.

/** Adds a customer. Returns the route of the card. */
export async function addCustomer(hands, name, phone) {
  await hands.go("/customers/new");
  await hands.type("姓名", "Name", name);
  if (phone) await hands.type("电话", "Phone", phone);
  await hands.pressButton("保存", "Save");
  await hands.finds("heading", name);
  return hands.route();
}

/** Changes a field of a card. */
export async function editCustomer(hands, card, label, text) {
  await hands.go(`${card}/edit`);
  await hands.type(label, label, text);
  await hands.pressButton("保存", "Save");
  await hands.arrives(/^(?!.*\/edit$)/);
}

/** How many customers the list counts. */
export async function countCustomers(hands) {
  await hands.go("/customers");
  return Number(/\d+/.exec(await hands.text(".list-count"))[0]);
}

/** Looks a customer up and opens the one that is found. Returns the route of the card. */
export async function findCustomer(hands, words) {
  await hands.go("/customers");
  await hands.search(words);
  await hands.until(async () => /^\D*1\D/.test(await hands.text(".list-count")), `one customer like ${words}`);
  await hands.pressFirst("main a.row");
  await hands.arrives(/^\/customers\/./);
  return hands.route();
}

/** Takes a complaint of nobody named, and opens it. Returns its route. */
export async function takeComplaint(hands, words) {
  await hands.go("/complaints/new");
  await hands.type("客户原话", "In their own words", words);
  await hands.choose("匿名", "Anonymous");
  await hands.pressButton("记下", "Save");
  await hands.press("link", "开始处理", "Begin handling");
  await hands.arrives(/^\/complaints\/(?!new)/);
  return hands.route();
}

/** Runs the shipped standard as a check and completes it. Returns the route of the check. */
export async function completeCheck(hands) {
  await hands.go("/standards/start");
  await hands.pressButton("开始", "Start");
  await hands.finds("button", "完成检查", "Complete the check");
  const check = await hands.route();
  await hands.answerAll();
  await hands.pressButton("完成检查", "Complete the check");
  await hands.sees("检查结果", "Result of the check");
  return check;
}

/** Connects the device to an endpoint's bucket. */
export async function connect(hands, endpoint) {
  await hands.go(endpoint.connectRoute);
  await hands.pressButton("测试并连接", "Test and connect");
  await hands.sees("已连接", "Connected");
  await shared(hands);
}

/** Makes an invitation. Returns its link. */
export async function invite(hands) {
  await hands.go("/more/devices");
  await hands.pressButton("生成邀请", "Make an invitation");
  return hands.value("邀请链接（7 天内有效）", "Invitation link (valid for 7 days)");
}

/** Opens an invitation and joins; the app starts anew in the team's book. */
export async function join(hands, link) {
  await hands.driver.get(link);
  await hands.pressButton("加入", "Join");
  await hands.arrives(/^(?!.*join)/);
  await hands.started();
  await shared(hands);
}

/** Waits until everything written here is in the bucket. */
export async function shared(hands) {
  await hands.until(async () => (await hands.text("button.sync")).includes(hands.say("已共享", "Shared")), "the mark “shared”");
}

/** One round of synchronising, begun by hand. Returns when it is over. */
export async function syncNow(hands) {
  await hands.pressFirst("button.sync");
  await hands.pressButton("立即同步", "Sync now");
  await hands.until(async () => !(await hands.has("dialog [aria-busy=true]")), "the end of the round");
  await hands.pressButton("关闭", "Close");
  await shared(hands);
}
