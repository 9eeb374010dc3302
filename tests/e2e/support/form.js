// A form as a whole: everything that can be typed or chosen in it.

import { picture } from "./picture.js";

/** What fields take that do not take any words. */
const VALUES = { date: "2027-03-05", time: "09:05", tel: "13800138000", decimal: "12.50", numeric: "3", email: "a@example.com", url: "example.com" };
const BIRTHDAY = "1990-08-15";

/** Types into every field of the screen's form and chooses something everywhere. What unfolds by a choice is filled in too. */
export async function fillForm(page, text) {
  const form = await unfold(page);
  for (let before = -1, now = 0; before !== now; before = now, now = (await answers(page)).length) {
    for (const group of await form.locator("fieldset").all()) await chooseLast(group);
    for (const select of await form.locator("select").all()) {
      await select.selectOption({ index: (await select.locator("option").count()) - 1 });
    }
    for (const tick of await form.locator("label.tick input").all()) await tick.setChecked(true);
  }
  for (const field of await form.locator("textarea, input:not([type=radio], [type=checkbox], [type=file])").all()) {
    const [type, mode, label, help] = await field.evaluate((field) => {
      const help = document.getElementById(field.getAttribute("aria-describedby"))?.textContent;
      return [field.type, field.inputMode, field.labels[0]?.textContent, help];
    });
    // Words of a search are no answer.
    if (/查找|Search/.test(help)) continue;
    await field.fill(label === "生日" ? BIRTHDAY : (VALUES[type] ?? VALUES[mode] ?? text));
  }
}

/** Opens everything of the form that is folded. Returns the form. */
export async function unfold(page) {
  const form = page.locator("main form");
  await form.waitFor();
  for (const fold of await form.locator("details:not([open]) > summary").all()) await fold.click();
  return form;
}

/** The last of a group of chips: of some, the last two. Of photos one, if there is none. */
async function chooseLast(group) {
  if ((await group.locator("[type=file]").count()) > 0) {
    if ((await group.locator("[data-picture]").count()) > 0) return;
    await group.locator("[type=file]").setInputFiles(await picture(group.page(), "#c03a2b"));
    await group.locator("[data-picture=here]").waitFor();
    return;
  }
  const chips = await group.locator("input").all();
  const several = chips.length > 1 && (await chips[0].getAttribute("type")) === "checkbox";
  for (const chip of chips.slice(several ? -2 : -1)) await chip.setChecked(true);
}

/** Everything that the form says, in its order, as `label: value`. */
export async function answers(page) {
  return page.locator("main form").evaluate((form) => {
    const said = (control) => {
      if (control.matches("[type=radio], [type=checkbox]")) return control.checked ? "yes" : "";
      return control.tagName === "SELECT" ? control.selectedOptions[0]?.textContent : control.value;
    };
    const controls = [...form.querySelectorAll("input:not([type=file]), textarea, select")];
    const photos = [...form.querySelectorAll(".photos")].map((group) => `photos: ${group.querySelectorAll("[data-picture]").length}`);
    const picked = [...form.querySelectorAll(".picked strong")].map((name) => `picked: ${name.textContent}`);
    const all = controls.map((control) => [control.labels[0]?.innerText.trim(), said(control)]);
    return [...all.filter(([, said]) => said).map(([label, said]) => `${label}: ${said}`), ...photos, ...picked];
  });
}
