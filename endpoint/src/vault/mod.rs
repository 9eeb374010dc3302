//! Whole vaults, seen from the shop's back room: are they whole, and how do they move?
//!
//! ```text
//! verify   outside   names, outsides, the founder's signatures, chains, packs: what stands open
//!          inside    with an invitation: everything, by the engine that the app runs, which joins in memory
//!          opened    and each object by itself
//! backup, restore    copy: heads last, so that no head promises what is not there
//!          contents  what is there, while devices go on writing
//!          place     a folder or a bucket, behind the app's own port
//!          finding   what was found, in words
//! ```
//!
//! A backup is a data folder like the endpoint's own: it can be verified, and served, as it is.

mod contents;
mod copy;
mod finding;
mod inside;
mod opened;
mod outside;
mod place;

use std::path::PathBuf;

use dianbu::remote::{Connection, RemoteError};
use dianbu::sync::invite::Invitation;

use self::contents::Contents;
pub use self::finding::{Finding, Outcome};
use self::place::Place;

/// Where a vault lies.
#[derive(Clone, Debug)]
pub enum Location {
    /// A data folder: that of an endpoint, or a backup.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What stands before every name, without slashes at its ends.
        prefix: String,
    },
    /// A bucket of any S3 service.
    Bucket(Connection),
}

/// Why a command could not be carried out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VaultError {
    /// It cannot be read or written.
    Place(RemoteError),
    /// There is no vault; if vaults are known under other prefixes, those.
    NoVault(Vec<String>),
    /// The link is none.
    Link,
    /// The link is that of another vault.
    OtherVault,
    /// The bundle of the invitation is gone: it was taken back.
    Withdrawn,
    /// What the invitation opens is not in order.
    Invitation(&'static str),
    /// Another endpoint uses the folder.
    Busy,
    /// So many names are taken by something else; nothing was written.
    Taken(Vec<String>),
    /// A backup goes into a folder of its own.
    SameFolder,
}

impl From<RemoteError> for VaultError {
    fn from(error: RemoteError) -> Self {
        Self::Place(error)
    }
}

/// Reads an invitation, as a whole link or as what follows `i=` in it.
pub fn invitation(text: &str) -> Result<Invitation, VaultError> {
    let payload = text.trim().rsplit_once("i=").map_or(text.trim(), |(_, payload)| payload);
    let payload = payload.split_once('&').map_or(payload, |(payload, _)| payload);
    Invitation::from_link_payload(payload).ok_or(VaultError::Link)
}

/// Checks the vaults at a place, and with an invitation everything in its vault; objects that hold a text which is looked
/// for are named as well. Nothing is ever written there.
pub async fn verify(at: &Location, invitation: Option<&Invitation>, find: Option<&str>) -> Result<Outcome, VaultError> {
    let place = Place::open(at)?;
    let contents = Contents::list(&place).await?;
    let mut outcome = outside::check(&place, &contents).await?;
    if let Some(invitation) = invitation {
        match inside::check(&place, &contents, (invitation, find), &mut outcome).await {
            // Why it does not open stands among what was found already.
            Err(VaultError::Invitation(_)) if !outcome.is_whole() => outcome.left(
                dianbu::words::words(
                    "邀请打不开账簿，内容未检查",
                    "the invitation does not open the vault: no content was checked",
                ),
                &[],
            ),
            checked => checked?,
        }
    }
    Ok(outcome)
}

/// Copies what is new into a folder, which is a data folder of its own afterwards, and checks that.
pub async fn backup(from: &Location, to: PathBuf, invitation: Option<&Invitation>) -> Result<Outcome, VaultError> {
    let target = Location::Folder { path: to, prefix: String::new() };
    if let (Location::Folder { path: from, .. }, Location::Folder { path: to, .. }) = (from, &target)
        && from.canonicalize().is_ok_and(|from| to.canonicalize().is_ok_and(|to| from == to))
    {
        return Err(VaultError::SameFolder);
    }
    let copied = copy::backup(&Place::open(from)?, &Place::claim(&target)?).await?;
    let mut outcome = verify(&target, invitation, None).await?;
    outcome.prepend(copied);
    Ok(outcome)
}

/// Copies a backup into a bucket or folder that has nothing else under its names.
pub async fn restore(from: PathBuf, to: &Location) -> Result<Outcome, VaultError> {
    let source = Location::Folder { path: from, prefix: String::new() };
    copy::restore(&Place::open(&source)?, &Place::claim(to)?).await
}
