//! The one access key and secret: given, or made at first start and kept in `DIR/credentials`.
//!
//! The file has the form that AWS tools read (`AWS_SHARED_CREDENTIALS_FILE`), and only its owner may read it.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};

const ACCESS: &str = "aws_access_key_id";
const SECRET: &str = "aws_secret_access_key";
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a client needs to sign its requests.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The name of the key, sent with each request.
    pub access_key: String,
    /// The secret, never sent.
    pub secret_key: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("access_key", &self.access_key).finish_non_exhaustive()
    }
}

impl Keys {
    /// Whether both halves can stand in a signature and in a line of the credentials file.
    pub(crate) fn are_usable(&self) -> bool {
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        plain(&self.access_key) && !self.access_key.contains('/') && plain(&self.secret_key)
    }

    /// The keys in `file`, made and written if there is none.
    pub(crate) fn load_or_make(file: &Path) -> io::Result<Self> {
        match fs::read_to_string(file) {
            Ok(text) => {
                only_for_owner(file)?;
                Self::from_text(&text).ok_or_else(|| io::ErrorKind::InvalidData.into())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::make(file),
            Err(error) => Err(error),
        }
    }

    fn make(file: &Path) -> io::Result<Self> {
        let keys = Self { access_key: random(20)?, secret_key: random(40)? };
        // Written beside and renamed: a start cut short leaves no file or a whole one.
        let beside = file.with_extension("new");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut written = options.open(&beside)?;
        only_for_owner(&beside)?;
        written.write_all(keys.to_text().as_bytes())?;
        written.sync_all()?;
        fs::rename(&beside, file)?;
        crate::files::sync_parent(file)?;
        Ok(keys)
    }

    fn to_text(&self) -> String {
        format!("[default]\n{ACCESS} = {}\n{SECRET} = {}\n", self.access_key, self.secret_key)
    }

    fn from_text(text: &str) -> Option<Self> {
        let value = |name: &str| {
            let pairs = text.lines().filter_map(|line| line.split_once('='));
            pairs
                .map(|(key, value)| (key.trim(), value.trim()))
                .find_map(|(key, value)| (key == name).then(|| value.to_owned()))
        };
        Some(Self { access_key: value(ACCESS)?, secret_key: value(SECRET)? }).filter(Self::are_usable)
    }
}

#[async_trait::async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        if access_key == self.access_key {
            Ok(SecretKey::from(self.secret_key.as_str()))
        } else {
            Err(s3_error!(InvalidAccessKeyId, "This access key is not known here."))
        }
    }
}

/// Takes the file away from everyone but its owner, in case it was copied without its mode.
fn only_for_owner(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// `length` letters and digits, each as likely as any other.
fn random(length: usize) -> io::Result<String> {
    let mut text = String::with_capacity(length);
    let mut bytes = [0; 64];
    while text.len() < length {
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        // 62 letters in 6 bits: the two numbers without a letter are drawn again.
        let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 63)));
        text.extend(letters.take(length - text.len()).map(|letter| char::from(*letter)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back_from_their_file() {
        let keys = Keys { access_key: random(20).unwrap(), secret_key: random(40).unwrap() };
        assert_eq!((keys.access_key.len(), keys.secret_key.len()), (20, 40));
        assert_eq!(Keys::from_text(&keys.to_text()), Some(keys));
    }

    #[test]
    fn half_a_file_is_no_key() {
        assert_eq!(Keys::from_text(""), None);
        assert_eq!(Keys::from_text("aws_access_key_id = a\n"), None);
        assert_eq!(Keys::from_text("aws_access_key_id = a\naws_secret_access_key = \n"), None);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let keys = Keys { access_key: "name".to_owned(), secret_key: "hush".to_owned() };
        assert!(!format!("{keys:?}").contains("hush"));
    }
}
