// Keeps the app's own files, so that it opens without a network, and receives what other apps share with it. It knows
// nothing of the bucket.
// Version and files, written by the build: the one script that this one may take in (Trusted Types).
const list = 'precache.js';
const policy = self.trustedTypes?.createPolicy('dianbu', { createScriptURL: () => list });
importScripts(policy?.createScriptURL(list) ?? list);

const { version, files } = self.PRECACHE;
const CACHE = `dianbu-${version}`;
const here = path => new URL(path, self.registration.scope).href;
const KNOWN = new Set(files.map(([path]) => here(path)));

const hex = bytes => [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('');

const keep = async (cache, [path, hash]) => {
  const response = await fetch(here(path), { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  const bytes = await response.clone().arrayBuffer();
  if (hex(await crypto.subtle.digest('SHA-256', bytes)) !== hash) throw new Error(`${path}: another version`);
  await cache.put(here(path), response);
};

// All files or none: a version that did not arrive whole leaves the one before it in place.
self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(files.map(file => keep(cache, file)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
})()));

self.addEventListener('activate', event => event.waitUntil((async () => {
  const old = (await caches.keys()).filter(name => name.startsWith('dianbu-') && name !== CACHE);
  await Promise.all(old.map(name => caches.delete(name)));
  await self.clients.claim();
})()));

// What another app shares is held in memory, until the page that opens for it fetches it.
let given;

const receive = async request => {
  const form = await request.formData();
  const file = form.getAll('file').find(part => part.size);
  const text = ['title', 'text', 'url'].map(name => form.get(name)).filter(Boolean).join('\n');
  given = file ?? new File([text], 'text.txt');
  const screen = file || /^\s*BEGIN:VCARD/i.test(text) ? 'more/import' : 'customers/new';
  return Response.redirect(here(`./#/${screen}?given=share`), 303);
};

const hand = () => {
  const file = given;
  given = undefined;
  if (!file) return new Response(null, { status: 404 });
  return new Response(file, { headers: { 'Cache-Control': 'no-store', 'X-Name': encodeURIComponent(file.name) } });
};

self.addEventListener('fetch', event => {
  const { request } = event;
  if (new URL(request.url).origin !== self.location.origin) return;
  const url = request.url.split(/[?#]/)[0];
  if (url === here('share') && request.method === 'POST') event.respondWith(receive(request));
  if (url === here('given')) event.respondWith(hand());
  if (request.method !== 'GET') return;
  const wanted = request.mode === 'navigate' && url === here('./') ? here('index.html') : url;
  if (!KNOWN.has(wanted)) return;
  event.respondWith((async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(wanted)) ?? fetch(request);
  })());
});

// A new version waits until the person agrees.
self.addEventListener('message', event => {
  if (event.data?.type === 'skip-waiting') self.skipWaiting();
});
