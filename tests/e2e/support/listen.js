// Runs before everything else in the page of a tried release: keeps what goes wrong there.
const said = (what) => (what instanceof Error ? `${what} ${what.stack}` : String(what));
// A page that is left breaks off what it was fetching, which is no fault of anybody.
let isLeft = false;
addEventListener("beforeunload", () => (isLeft = true));
const keep = (...what) => {
  if (isLeft && /network ?error|failed to fetch|load failed/i.test(what.map(String).join(" "))) return;
  const faults = JSON.parse(sessionStorage.faults ?? "[]");
  sessionStorage.faults = JSON.stringify([...faults, what.map(said).join(" ")]);
};
addEventListener("error", (event) => keep("error:", event.message ?? event.target.src ?? event.target.href), true);
addEventListener("unhandledrejection", (event) => keep("rejection:", event.reason));
addEventListener("securitypolicyviolation", (event) => {
  keep("content security policy:", event.violatedDirective, event.blockedURI, event.sample);
});
const { error } = console;
console.error = (...what) => {
  keep("console:", ...what);
  error.apply(console, what);
};
