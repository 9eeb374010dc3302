//! Putting the app on the home screen.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::window;
use js_sys::Reflect;
use wasm_bindgen::JsCast;

use super::{Listening, WebError, done, method, navigator};

/// Whether the app runs from the home screen, in its own window.
pub fn is_installed() -> bool {
    let standalone =
        window().match_media("(display-mode: standalone)").ok().flatten().is_some_and(|query| query.matches());
    // Older iOS says it in its own way.
    standalone || Reflect::get(&navigator(), &"standalone".into()).is_ok_and(|flag| flag.is_truthy())
}

/// The browser's offer to install the app, kept for the moment when the person wants it. Safari and Firefox make
/// none: there the app explains the way through the menu.
#[derive(Debug)]
pub struct Offer {
    event: Rc<RefCell<Option<web_sys::Event>>>,
    _listening: Listening,
}

impl Offer {
    /// Waits for the offer. `hear` is told when there is one (`true`) and when it is used up by an installation.
    pub fn listen(hear: impl Fn(bool) + 'static) -> Self {
        let event = Rc::new(RefCell::new(None));
        let hear = Rc::new(hear);
        let offered = {
            let (event, hear) = (event.clone(), hear.clone());
            // The browser's own banner is held back, else the offer cannot be kept.
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window(), "beforeinstallprompt", options, move |offer| {
                offer.prevent_default();
                event.replace(Some(offer.clone()));
                hear(true);
            })
        };
        let installed = {
            let (event, hear) = (event.clone(), hear.clone());
            EventListener::new(&window(), "appinstalled", move |_| {
                event.replace(None);
                hear(false);
            })
        };
        // The browser makes the offer once, often before the app is there; `boot.js` keeps it.
        let early = Reflect::get(&window(), &"dianbuInstallOffer".into()).ok();
        if let Some(early) = early.and_then(|early| early.dyn_into::<web_sys::Event>().ok()) {
            event.replace(Some(early));
            hear(true);
        }
        Self { event, _listening: Listening(vec![offered, installed]) }
    }

    /// Whether there is an offer to take.
    pub fn is_there(&self) -> bool {
        self.event.borrow().is_some()
    }

    /// Takes the offer, in answer to a tap, and answers whether the person installed the app. An offer can be taken
    /// once; without one the answer is `false`.
    pub async fn take(&self) -> Result<bool, WebError> {
        let Some(offer) = self.event.take() else { return Ok(false) };
        let prompt = method(&offer, "prompt").ok_or_else(|| WebError::missing("installing"))?;
        done(js_sys::Promise::resolve(&prompt.call0(&offer)?)).await?;
        let choice = done(Reflect::get(&offer, &"userChoice".into())?.unchecked_into()).await?;
        Ok(Reflect::get(&choice, &"outcome".into())?.as_string().as_deref() == Some("accepted"))
    }
}
