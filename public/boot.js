// Starts the app while its code is still arriving, then the service worker that keeps it for offline use.
const { code } = document.querySelector('script[data-code]').dataset;
const here = path => new URL(path, document.baseURI).href;

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

// A turn for whatever else the browser has to do, such as painting.
const turn = () =>
  new Promise(done => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });

try {
  const program = WebAssembly.compileStreaming(fetch(here(`${code}dianbu_bg.wasm`)));
  program.catch(() => {});
  const { default: init } = await import(here(`${code}dianbu.js`));
  const module_or_path = await program;
  // Making the code ready and running it take a while each.
  await turn();
  await init({ module_or_path });
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
