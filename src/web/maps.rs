//! A place on the map that the device has.

use super::system::{System, system};

/// The link that shows a place: in the map app of a phone, else on a web page that the person opens by pressing it.
pub fn href(place: &str, chinese: bool) -> String {
    let place = js_sys::encode_uri_component(place);
    match system() {
        System::Android => format!("geo:0,0?q={place}"),
        System::Ios => format!("maps:?q={place}"),
        System::Desk if chinese => format!("https://uri.amap.com/search?keyword={place}"),
        System::Desk => format!("https://www.openstreetmap.org/search?query={place}"),
    }
}
