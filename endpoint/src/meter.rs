//! A request body that counts what was read of it and gives the rest back.
//!
//! A refusal often comes before the body was read. If the connection were closed on a client that is still sending,
//! the client would see a broken connection and never the reason, for example that its clock is wrong. So the rest is
//! read and thrown away, up to a bound, before the refusal is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;

/// How long a client may take to send a body that nobody reads.
const PATIENCE: Duration = Duration::from_secs(10);

/// The body handed to the S3 service.
#[derive(Debug)]
pub(crate) struct Metered {
    body: Option<Incoming>,
    rest: Option<oneshot::Sender<Incoming>>,
    read: Arc<AtomicU64>,
}

/// What stays with the server while the service has the body.
#[derive(Debug)]
pub(crate) struct Meter {
    rest: oneshot::Receiver<Incoming>,
    read: Arc<AtomicU64>,
}

/// Splits a body into what the service reads and what the server keeps.
pub(crate) fn meter(body: Incoming) -> (Metered, Meter) {
    let (sender, receiver) = oneshot::channel();
    let read = Arc::new(AtomicU64::new(0));
    let metered = Metered { body: Some(body), rest: Some(sender), read: Arc::clone(&read) };
    (metered, Meter { rest: receiver, read })
}

impl Meter {
    /// Reads what the service left, at most `most` bytes. Call once the service has answered.
    pub(crate) async fn drain(&mut self, most: u64) {
        let Ok(mut rest) = self.rest.try_recv() else {
            return;
        };
        let drained = async {
            while self.read() <= most {
                let Some(Ok(frame)) = rest.frame().await else {
                    break;
                };
                count(&self.read, &frame);
            }
        };
        // A client slower than this loses its connection instead of holding it.
        let _ = tokio::time::timeout(PATIENCE, drained).await;
    }

    /// Bytes of the body read so far.
    pub(crate) fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}

impl Body for Metered {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            count(&this.read, frame);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(SizeHint::default, Incoming::size_hint)
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        if let (Some(body), Some(rest)) = (self.body.take(), self.rest.take())
            && !body.is_end_stream()
        {
            // Nobody waits for the rest once the connection is gone.
            let _ = rest.send(body);
        }
    }
}

fn count(read: &AtomicU64, frame: &Frame<Bytes>) {
    read.fetch_add(frame.data_ref().map_or(0, |data| data.len() as u64), Ordering::Relaxed);
}
