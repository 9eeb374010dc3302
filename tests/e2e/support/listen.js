// Runs before everything else in the page of a tried release: keeps what goes wrong there.
const said = (what) => (what instanceof Error ? `${what} ${what.stack}` : String(what));
const keep = (...what) => {
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
