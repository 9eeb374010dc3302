// Starts the app while its code is still arriving, then the service worker that keeps it for offline use.
const { code, first = '' } = document.querySelector('script[data-code]').dataset;
const here = path => new URL(path, document.baseURI).href;

// A first visit founds a book. What that needs is asked for now, not when the app has come so far; later it lies here.
if (!navigator.serviceWorker?.controller) {
  for (const part of first.split(' ').filter(Boolean)) {
    const href = here(`${code}${part}.wasm`);
    const early = { rel: 'preload', as: 'fetch', type: 'application/wasm', crossOrigin: 'anonymous', href };
    document.head.append(Object.assign(document.createElement('link'), early));
  }
}

// The browser offers once to install the app, and may do so before the app can hear it.
window.addEventListener('beforeinstallprompt', offer => {
  offer.preventDefault();
  window.dianbuInstallOffer = offer;
}, { once: true });

// The camera's reader of codes, which few need.
window.dianbuScan = async (...given) => (await import(here('scan.js'))).scan(...given);

// What another app shares, or a file that is opened with this one, waits in memory until a screen takes it.
const fileOf = async answer =>
  answer.ok ? new File([await answer.blob()], decodeURIComponent(answer.headers.get('X-Name'))) : null;
if (location.hash.endsWith('?given=share')) window.dianbuGiven = fetch(here('given')).then(fileOf).catch(() => null);
window.launchQueue?.setConsumer(({ files }) => {
  if (!files?.length) return;
  window.dianbuGiven = files[0].getFile();
  location.hash = `/more/import?given=${Date.now()}`;
});

const tell = (zh, en) => {
  const words = document.getElementById('boot-words');
  if (words) words.textContent = navigator.language.startsWith('zh') ? zh : en;
};

try {
  const { default: init } = await import(here(`${code}dianbu.js`));
  await init({ module_or_path: here(`${code}dianbu_bg.wasm`) });
} catch (error) {
  console.error(error);
  tell(
    '店簿没有打开。请更新浏览器，或检查网络后重新打开。',
    'Dianbu did not open. Update the browser, or check the network and open it again.',
  );
}

// The one address that may become a script while the app runs (Trusted Types); a browser that does not know them takes it as it is.
const worker = here('sw.js');
const policy = window.trustedTypes?.createPolicy('dianbu', {
  createScriptURL: url => {
    if (url !== worker) throw new TypeError(`${url} is no script of the app`);
    return url;
  },
});

const ready = () => window.dispatchEvent(new CustomEvent('dianbu:update-ready'));

const watch = registration => {
  if (registration.waiting && registration.active) ready();
  registration.addEventListener('updatefound', () => {
    const { active, installing } = registration;
    installing?.addEventListener('statechange', () => {
      // With no worker before it, it is the first install, not an update.
      if (installing.state === 'installed' && active) ready();
    });
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') registration.update().catch(() => {});
  });
};

if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register(policy?.createScriptURL(worker) ?? worker).then(watch, error => console.warn('offline start is not available', error));
}
