//! Connections, and which of the two sides answers a request.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, EXPECT};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use s3s::service::S3Service;
use s3s::{Body, S3Error, s3_error};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::app::{self, App};
use crate::cors;
use crate::log::{self, AccessLog};
use crate::meter::meter;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests in flight may take to finish when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// Wait after a connection could not be accepted, usually because all file handles are in use.
const BREATH: Duration = Duration::from_millis(100);

/// Everything a request may need.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) s3: S3Service,
    pub(crate) app: Option<App>,
    pub(crate) bucket: String,
    pub(crate) log: AccessLog,
    /// Most bytes of a refused body that are read before its refusal is sent.
    pub(crate) most_drained: u64,
}

/// Which side a request is for.
#[derive(Debug, PartialEq, Eq)]
enum Side {
    Preflight,
    S3,
    App,
}

/// Accepts connections until `stop` fires or its sender is gone, then lets requests in flight finish.
pub(crate) async fn run(server: Arc<Server>, listener: TcpListener, mut stop: oneshot::Receiver<()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    eprintln!("无法接受连接 · a connection cannot be accepted: {error}");
                    tokio::time::sleep(BREATH).await;
                    continue;
                }
            },
            Some(_) = connections.join_next() => continue,
            _ = &mut stop => break,
        };
        // Small answers leave at once.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(&server);
        let service = service_fn(move |request| {
            let server = Arc::clone(&server);
            async move { Ok::<_, Infallible>(server.answer(request).await) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        // A connection that breaks is the client's affair.
        connections.spawn(async move { drop(connection.await) });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    // Once every connection is gone, nothing holds the data folder any more.
    connections.shutdown().await;
}

impl Server {
    async fn answer(self: &Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let method = request.method().clone();
        let target = log::target(request.uri());
        let (received, response) = match self.side(&request) {
            Side::Preflight => (0, cors::preflight(request.headers())),
            Side::App => (0, self.answer_app(request).await),
            Side::S3 => self.answer_s3(request).await,
        };
        let sent = if method == Method::HEAD { 0 } else { response.body().size_hint().exact().unwrap_or_default() };
        self.log.write(method.as_str(), &target, response.status().as_u16(), received, sent);
        response
    }

    /// Whatever is below the bucket's name, is signed, or would change something is for S3; the rest is the app.
    fn side(&self, request: &Request<Incoming>) -> Side {
        let first = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if request.method() == Method::OPTIONS {
            Side::Preflight
        } else if first == self.bucket || !reads || is_signed(request) {
            Side::S3
        } else {
            Side::App
        }
    }

    async fn answer_app(self: &Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let server = Arc::clone(self);
        let answer = move || match &server.app {
            Some(app) => app.answer(request.uri().path(), request.headers()),
            None => app::missing(),
        };
        tokio::task::spawn_blocking(answer).await.unwrap_or_else(|_| failed())
    }

    /// Bytes received and the answer of the S3 side.
    async fn answer_s3(&self, request: Request<Incoming>) -> (u64, Response<Body>) {
        // Such a client sends its body only after being told to go on.
        let waits = request.headers().contains_key(EXPECT);
        let refused = refused(&request);
        let (parts, body) = request.into_parts();
        let (metered, mut meter) = meter(body);
        let response = if let Some(error) = refused {
            drop(metered);
            error.to_http_response().unwrap_or_else(|_| failed())
        } else {
            let request = Request::from_parts(parts, Body::http_body_unsync(metered));
            self.s3.call(request).await.unwrap_or_else(|_| failed())
        };
        if !waits || meter.read() > 0 {
            meter.drain(self.most_drained).await;
        }
        (meter.read(), cors::open(response))
    }
}

fn is_signed(request: &Request<Incoming>) -> bool {
    let query = request.uri().query().unwrap_or_default();
    request.headers().contains_key(AUTHORIZATION)
        || query.contains("X-Amz-Signature=")
        || query.contains("AWSAccessKeyId=")
}

/// Ways in that S3 once offered and that are closed here: signatures over SHA-1, and forms, which would be read into
/// memory before they are checked.
fn refused(request: &Request<Incoming>) -> Option<S3Error> {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header(AUTHORIZATION).starts_with("AWS ") || request.uri().query().is_some_and(|q| q.contains("AWSAccessKeyId="))
    {
        Some(s3_error!(InvalidRequest, "Signature version 2 is not accepted. Please use AWS4-HMAC-SHA256."))
    } else if header(CONTENT_TYPE).trim_start().to_ascii_lowercase().starts_with("multipart/") {
        Some(s3_error!(NotImplemented, "Objects cannot be posted as forms here. Please use PUT."))
    } else {
        None
    }
}

/// Something of our own broke.
fn failed() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}
