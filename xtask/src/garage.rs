//! `cargo xtask test s3`: the tests of a bucket against Garage, a server of others, on this machine.
//!
//! Not part of the usual run: building the server takes some minutes, once.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::step::{execute, step};
use crate::{Failed, root, tools};

const VERSION: &str = "2.5.0";
const BUCKET: &str = "dianbu";
const REGION: &str = "garage";
const DOMAIN: &str = "s3.garage";
/// The rule that `docs/buckets.md` gives, for the origin that the tests pretend to be.
const CORS: &str = r#"{"CORSRules": [{
    "AllowedOrigins": ["https://shop.example"], "AllowedMethods": ["GET", "PUT", "HEAD", "DELETE"],
    "AllowedHeaders": ["if-none-match", "content-type"], "ExposeHeaders": ["ETag", "Date"], "MaxAgeSeconds": 86400}]}"#;

/// A server that stops when the value goes.
pub(crate) struct Garage {
    server: Child,
    endpoint: String,
    key: String,
    secret: String,
}

impl Drop for Garage {
    fn drop(&mut self) {
        // It holds nothing that anybody needs.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Garage {
    /// Installs the server if it is missing, and starts it over an empty folder with one bucket and a rule for origins.
    pub(crate) fn start() -> Result<Self, Failed> {
        tools::packages(&[("aws", "awscli")])?;
        let options = ["--locked", "--debug", "--no-default-features", "--features", "bundled-libs,sqlite"];
        let program = tools::cargo_tool("garage", "garage", VERSION, &options)?.join("garage");
        let folder = root().join("target/garage");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let (s3, rpc) = (free_port()?, free_port()?);
        fs::write(folder.join("garage.toml"), settings(&folder, s3, rpc))?;
        fs::write(folder.join("cors.json"), CORS)?;
        // It is reached from this machine alone, and gone after the tests.
        let (key, secret) = (format!("GK{}", "1".repeat(24)), "2".repeat(64));
        let log = fs::File::create(folder.join("log"))?;
        let server = Command::new(program)
            .arg("-c")
            .arg(folder.join("garage.toml"))
            .args(["server", "--single-node", "--default-bucket"])
            .env("GARAGE_DEFAULT_BUCKET", BUCKET)
            .env("GARAGE_DEFAULT_ACCESS_KEY", &key)
            .env("GARAGE_DEFAULT_SECRET_KEY", &secret)
            .stdout(Stdio::from(log.try_clone()?))
            .stderr(Stdio::from(log))
            .spawn()?;
        let garage = Self { server, endpoint: format!("http://127.0.0.1:{s3}"), key, secret };
        step("starting Garage", || garage.prepare(s3, &folder))?;
        Ok(garage)
    }

    /// Waits for the server, and lets pages of another origin in.
    fn prepare(&self, port: u16, folder: &Path) -> Result<(), Failed> {
        let up = (0..200).any(|_| {
            sleep(Duration::from_millis(100));
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        });
        if !up {
            return Err("Garage does not answer: see target/garage/log".into());
        }
        let mut aws = Command::new("aws");
        aws.args(["--endpoint-url", &self.endpoint, "s3api", "put-bucket-cors", "--bucket", BUCKET]);
        aws.args(["--cors-configuration", "file://cors.json"]).current_dir(folder);
        aws.env("AWS_ACCESS_KEY_ID", &self.key).env("AWS_SECRET_ACCESS_KEY", &self.secret);
        execute(aws.env("AWS_DEFAULT_REGION", REGION))
    }

    /// Tells the tests where it is, with the bucket named in the path or in the host.
    pub(crate) fn tell(&self, tests: &mut Command, in_host: bool) {
        if in_host {
            // Nobody knows this host, so the server itself is asked as a proxy would be.
            tests.env("DIANBU_S3_ENDPOINT", format!("http://{BUCKET}.{DOMAIN}")).env("HTTP_PROXY", &self.endpoint);
        } else {
            tests.env("DIANBU_S3_ENDPOINT", &self.endpoint);
        }
        tests.env("DIANBU_S3_BUCKET", BUCKET);
        tests.env("DIANBU_S3_REGION", REGION);
        tests.env("DIANBU_ACCESS_KEY", &self.key).env("DIANBU_SECRET_KEY", &self.secret);
    }
}

fn free_port() -> Result<u16, Failed> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn settings(folder: &Path, s3: u16, rpc: u16) -> String {
    let (folder, secret) = (folder.display(), "0".repeat(64));
    format!(
        "metadata_dir = \"{folder}/meta\"\ndata_dir = \"{folder}/data\"\ndb_engine = \"sqlite\"\n\
         replication_factor = 1\nrpc_bind_addr = \"127.0.0.1:{rpc}\"\nrpc_public_addr = \"127.0.0.1:{rpc}\"\n\
         rpc_secret = \"{secret}\"\n\n[s3_api]\ns3_region = \"{REGION}\"\napi_bind_addr = \"127.0.0.1:{s3}\"\n\
         root_domain = \".{DOMAIN}\"\n"
    )
}
