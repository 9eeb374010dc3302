// Where the screens are.

/** Screens of an empty book: everything on them is the app's own. */
export const SCREENS = [
  "/",
  "/customers",
  "/customers/new",
  "/standards",
  "/standards/start",
  "/standards/quick",
  "/standards/reception/new",
  "/complaints",
  "/complaints/new",
  "/more",
  "/more/import",
  "/more/export",
  "/more/devices",
  "/more/bucket",
  "/more/records/settings",
  "/more/records/entry",
  "/more/install",
  "/more/language",
  "/more/storage",
];
