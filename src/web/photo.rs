//! Pictures: from whatever a camera gives to what is kept, and from what is kept to what is shown.

use gloo::utils::{document, window};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, ImageBitmap, Url};

use super::files::Picked;
use super::{WebError, done, method};
use crate::exchange::picture::{PictureKind, fitted};

/// The longer edge of a photo that is kept, in px: enough to read a label on it.
pub const LONG_EDGE: u32 = 1600;
/// The bytes of a photo that is kept, at most.
pub const MOST_BYTES: usize = 600 * 1024;
/// How well a photo is drawn, the best that is small enough.
const QUALITIES: [f64; 3] = [0.8, 0.65, 0.5];

/// A photo as it is kept: a JPEG whose longer edge is at most [`LONG_EDGE`], upright, on white, and of at most
/// [`MOST_BYTES`].
///
/// It is drawn anew, so nothing is left of what the file said beside the picture: no place, no time, no name of the
/// device.
///
/// Fails with an error that [`is_unreadable_picture`](WebError::is_unreadable_picture) when the browser cannot decode
/// the file, and as [`Picked::chunk`] does when the file is not there any more.
pub async fn shrink(file: &Picked) -> Result<Vec<u8>, WebError> {
    // A decoder calls a file that went away broken; reading tells the difference.
    file.chunk(0).await?;
    let decoded = Decoded::of(file.blob()).await.map_err(|why| WebError::unreadable(&why))?;
    let (width, height) = decoded.size();
    if width == 0 || height == 0 {
        return Err(WebError::unreadable(&WebError::new("EncodingError", "a picture without a size")));
    }
    let mut edge = LONG_EDGE;
    loop {
        let (width, height) = fitted(width, height, edge);
        let (canvas, pen) = white_canvas(width, height)?;
        decoded.draw(&pen, width, height)?;
        for quality in QUALITIES {
            let bytes = encoded(&canvas, PictureKind::Jpeg, quality).await?;
            // A picture of one point has less bytes than that: the loop ends.
            if bytes.len() <= MOST_BYTES || edge == 1 {
                let_go(&canvas);
                return Ok(bytes);
            }
        }
        let_go(&canvas);
        edge = (edge * 4 / 5).max(1);
    }
}

/// A white canvas of so many points, and what draws on it.
pub fn white_canvas(width: u32, height: u32) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), WebError> {
    let canvas = document().create_element("canvas")?.unchecked_into::<HtmlCanvasElement>();
    canvas.set_width(width);
    canvas.set_height(height);
    let pen = canvas.get_context("2d")?.ok_or_else(|| WebError::missing("a canvas"))?;
    let pen = pen.unchecked_into::<CanvasRenderingContext2d>();
    pen.set_fill_style_str("#fff");
    pen.fill_rect(0.0, 0.0, f64::from(width), f64::from(height));
    // Where it is not known the photo is a little coarser.
    let _ = Reflect::set(&pen, &"imageSmoothingQuality".into(), &"high".into());
    Ok((canvas, pen))
}

/// The picture on a canvas as a file. `quality` is between 0 and 1; a PNG loses nothing and does not ask.
pub async fn encoded(canvas: &HtmlCanvasElement, kind: PictureKind, quality: f64) -> Result<Vec<u8>, WebError> {
    let mut refused = None;
    let blob = Promise::new(&mut |resolve: Function, _| {
        let asked = canvas.to_blob_with_type_and_encoder_options(&resolve, kind.mime(), &quality.into());
        if let Err(why) = asked {
            refused = Some(why);
            // Nobody else would end the waiting.
            let _ = resolve.call1(&JsValue::NULL, &JsValue::NULL);
        }
    });
    let blob = done(blob).await?;
    if let Some(why) = refused {
        return Err(why.into());
    }
    let blob = blob.dyn_into::<Blob>().map_err(|_| WebError::new("EncodingError", "the canvas gives no file"))?;
    Ok(Uint8Array::new(&done(blob.array_buffer()).await?).to_vec())
}

/// Gives the points of a canvas back at once: a phone has room for few, and the collector takes its time.
fn let_go(canvas: &HtmlCanvasElement) {
    canvas.set_width(0);
    canvas.set_height(0);
}

/// A picture that the browser has decoded, upright.
enum Decoded {
    Bitmap(ImageBitmap),
    /// With the address that it is drawn from.
    Image {
        image: HtmlImageElement,
        _from: PictureUrl,
    },
}

impl Decoded {
    async fn of(blob: &Blob) -> Result<Self, WebError> {
        match Self::bitmap(blob).await {
            Ok(bitmap) => Ok(bitmap),
            // Some engines have no bitmaps of files, or not with this wish, or not of every kind that an image takes.
            Err(_) => Self::image(blob).await,
        }
    }

    async fn bitmap(blob: &Blob) -> Result<Self, WebError> {
        let window = window();
        let make = method(&window, "createImageBitmap").ok_or_else(|| WebError::missing("window.createImageBitmap"))?;
        let upright = Object::new();
        Reflect::set(&upright, &"imageOrientation".into(), &"from-image".into())?;
        let made = done(make.call2(&window, blob, &upright)?.unchecked_into()).await?;
        Ok(Self::Bitmap(made.unchecked_into()))
    }

    /// An image is drawn upright by itself.
    async fn image(blob: &Blob) -> Result<Self, WebError> {
        // A drawing that is text is no photo, and gets no address even for so long.
        if blob.type_().contains("svg") {
            return Err(WebError::new("EncodingError", "not a photo"));
        }
        let url = PictureUrl::to(blob)?;
        let image = document().create_element("img")?.unchecked_into::<HtmlImageElement>();
        image.set_src(url.as_str());
        done(image.decode()).await?;
        Ok(Self::Image { image, _from: url })
    }

    fn size(&self) -> (u32, u32) {
        match self {
            Self::Bitmap(bitmap) => (bitmap.width(), bitmap.height()),
            Self::Image { image, .. } => (image.natural_width(), image.natural_height()),
        }
    }

    fn draw(&self, pen: &CanvasRenderingContext2d, width: u32, height: u32) -> Result<(), WebError> {
        // The canvas takes either; one binding of it is enough.
        let picture = match self {
            Self::Bitmap(bitmap) => bitmap.unchecked_ref::<HtmlImageElement>(),
            Self::Image { image, .. } => image,
        };
        let (width, height) = (f64::from(width), f64::from(height));
        pen.draw_image_with_html_image_element_and_dw_and_dh(picture, 0.0, 0.0, width, height)?;
        Ok(())
    }
}

impl Drop for Decoded {
    fn drop(&mut self) {
        if let Self::Bitmap(bitmap) = self {
            bitmap.close();
        }
    }
}

/// The address of a picture in this page's memory, for an `<img>`. The memory is given back when it is dropped, so it
/// is kept as long as the picture is shown.
#[derive(Debug, PartialEq, Eq)]
pub struct PictureUrl(String);

impl PictureUrl {
    /// An address for these bytes. Their kind follows from the bytes alone; what is neither JPEG nor PNG nor WebP is
    /// refused, as an error that [`is_unreadable_picture`](WebError::is_unreadable_picture): an SVG that somebody opens
    /// in a tab of its own would be a page of the app's origin.
    pub fn of(bytes: &[u8]) -> Result<Self, WebError> {
        let Some(kind) = PictureKind::of(bytes) else {
            return Err(WebError::unreadable(&WebError::new("EncodingError", "neither JPEG nor PNG nor WebP")));
        };
        let options = BlobPropertyBag::new();
        options.set_type(kind.mime());
        let parts = Array::of1(&Uint8Array::from(bytes));
        Self::to(&Blob::new_with_u8_array_sequence_and_options(&parts, &options)?)
    }

    fn to(blob: &Blob) -> Result<Self, WebError> {
        Ok(Self(Url::create_object_url_with_blob(blob)?))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for PictureUrl {
    fn drop(&mut self) {
        // Nothing is left to do when even letting go is refused.
        drop(Url::revoke_object_url(&self.0));
    }
}
