//! Files that the person picks, and files handed to them.

use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;

use super::{WebError, done};

/// How much of a file is read at once: short enough to show progress and to be stopped.
const CHUNK: u64 = 1 << 20;

/// How long a download keeps its bytes: browsers start to read them after the click, some after a question.
const KEEP_MS: u32 = 60_000;

/// A file that the person picked; nothing of it is read yet.
#[derive(Clone, Debug)]
pub struct Picked(web_sys::File);

impl Picked {
    /// Its name without a folder.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// The file for the browser's own decoders.
    pub(super) fn blob(&self) -> &web_sys::Blob {
        &self.0
    }

    /// Bytes.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a size is whole and not negative
    pub fn size(&self) -> u64 {
        self.0.size() as u64
    }

    /// Reads the next chunk from `at` on; empty at the end of the file.
    ///
    /// Fails with `NotReadableError` or `NotFoundError` when the file changed or went away meanwhile.
    #[allow(clippy::cast_precision_loss)] // a file of 2^53 bytes is not picked
    pub async fn chunk(&self, at: u64) -> Result<Vec<u8>, WebError> {
        let end = at.saturating_add(CHUNK).min(self.size());
        let slice = self.0.slice_with_f64_and_f64(at as f64, end.max(at) as f64)?;
        Ok(Uint8Array::new(&done(slice.array_buffer()).await?).to_vec())
    }

    /// Reads the whole file. `progress` hears how many bytes are read after each chunk, and stops it by answering
    /// `false`; then there are no bytes.
    pub async fn read(&self, mut progress: impl FnMut(u64) -> bool) -> Result<Option<Vec<u8>>, WebError> {
        let mut bytes = Vec::new();
        loop {
            let chunk = self.chunk(bytes.len() as u64).await?;
            if chunk.is_empty() {
                return Ok(Some(bytes));
            }
            bytes.extend_from_slice(&chunk);
            if !progress(bytes.len() as u64) {
                return Ok(None);
            }
        }
    }
}

impl From<web_sys::File> for Picked {
    fn from(file: web_sys::File) -> Self {
        Self(file)
    }
}

/// The files of a `change` event on an `<input type="file">`. The input is emptied, so that the same file can be
/// picked again.
pub fn picked(event: &web_sys::Event) -> Vec<Picked> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let files = input.files().map(|files| (0..files.length()).filter_map(|at| files.get(at)).map(Picked).collect());
    input.set_value("");
    files.unwrap_or_default()
}

/// Hands bytes to the person as a file. `mime` is the media type, such as `text/csv;charset=utf-8`.
pub fn download(name: &str, mime: &str, bytes: &[u8]) -> Result<(), WebError> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link = gloo::utils::document().create_element("a")?.unchecked_into::<web_sys::HtmlAnchorElement>();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Timeout::new(KEEP_MS, move || {
        // Nothing is left to do when even letting go is refused.
        drop(web_sys::Url::revoke_object_url(&url));
    })
    .forget();
    Ok(())
}

/// Reads GB18030, and with it GBK and GB 2312; any byte that is none of it is an error.
pub fn decode_gb18030(bytes: &[u8]) -> Result<String, WebError> {
    let options = web_sys::TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = web_sys::TextDecoder::new_with_label_and_options("gb18030", &options)?;
    Ok(decoder.decode_with_u8_array(bytes)?)
}
