// A network that keeps something back.

/** Holds what a device asks for that lies under such a name, until it is let go; `arrived` is the first of it. */
export async function hold({ context }, name) {
  let [arrive, letGo] = [];
  const arrived = new Promise((done) => (arrive = done));
  const gate = new Promise((open) => (letGo = open));
  const isMeant = (url) => name.test(url.pathname) && url.searchParams.has("X-Amz-Signature");
  await context.route(isMeant, async (route) => {
    arrive();
    await gate;
    await route.continue();
  });
  return { arrived, letGo };
}

/** Names of segments. */
export const SEGMENT = /\/s\/\d+$/;
