//! What `verify` finds, and what it does not.

use super::*;

#[tokio::test]
async fn a_whole_vault_is_whole_with_and_without_its_invitation() {
    let team = Team::open().await;
    let before = contents(team.shop.data.path());
    let without = team.verified(false).await;
    assert!(without.is_whole(), "{without}");
    assert!(without.to_string().contains("--link"), "what could not be checked is said: {without}");
    let with = team.verified(true).await;
    assert!(with.is_whole() && with.unchecked.is_empty(), "{with}");
    assert!(with.to_string().contains("2 members, 79 operations, 9 records"), "{with}");
    // The same through the bucket, with all that is needed in the link.
    let through =
        vault::verify(&Location::Bucket(team.invitation.connection.clone()), Some(&team.invitation), None).await;
    assert_eq!(through.unwrap(), with);
    assert_eq!(contents(team.shop.data.path()), before, "nothing was written");
}

/// What is damaged, which file, how, and whether it shows without keys.
type Case = (&'static str, PathBuf, fn(&Path), bool);

/// A copy of the team's data with damage to one object, as one does it to a file, and whether it shows without keys.
async fn damaged(team: &Team, what: &str, path: &Path, damage: fn(&Path), without_keys: bool) {
    let copy = TempDir::new().unwrap();
    for (name, bytes) in contents(team.shop.data.path()) {
        let path = copy.path().join("objects").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let object = path.strip_prefix(team.shop.data.path()).unwrap();
    damage(&copy.path().join(object));
    let name = object.strip_prefix("objects").unwrap().to_str().unwrap();
    let without = vault::verify(&folder(copy.path()), None, None).await.unwrap();
    assert_eq!(wrong(&without).contains(&name), without_keys, "{what}: {without}");
    let with = vault::verify(&folder(copy.path()), Some(&team.invitation), None).await.unwrap();
    assert!(wrong(&with).contains(&name), "{what}: {name} in {with}");
}

#[tokio::test]
async fn each_kind_of_damage_is_found_and_named() {
    let remove: fn(&Path) = |path| fs::remove_file(path).unwrap();
    let cut: fn(&Path) = |path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() - 9]).unwrap();
    };
    let flip_body: fn(&Path) = |path| flip(path, 130);
    let flip_signature: fn(&Path) = |path| flip(path, -1);
    let flip_prev: fn(&Path) = |path| flip(path, 60);
    let foreign: fn(&Path) = |path| fs::write(path, b"<html>").unwrap();
    let team = Team::open().await;
    let founders = |seq| team.path(team.segment(0, seq));
    let first = |part: &str| team.paths(part)[0].clone();
    let cases: [Case; 19] = [
        ("a flipped segment of the founder's", founders(3), flip_body, true),
        ("a flipped signature", founders(4), flip_signature, true),
        ("a flipped link", founders(5), flip_prev, true),
        ("a cut segment", founders(6), cut, true),
        ("something else in its place", founders(7), foreign, true),
        ("a segment that is gone and in no pack", founders(67), remove, true),
        ("the last segment gone", founders(70), remove, true),
        ("a flipped segment of a member's", team.path(team.segment(1, 1)), flip_body, false),
        ("a flipped link of a member's", team.path(team.segment(1, 1)), flip_prev, true),
        ("a member's head", team.path(team.head(1)), flip_signature, false),
        ("a member's head gone", team.path(team.head(1)), remove, true),
        ("the pack", first("/p/"), flip_body, true),
        ("the pack gone", first("/p/"), remove, false),
        ("a manifest", first("/manifest"), flip_body, true),
        ("a manifest gone", first("/manifest"), remove, false),
        ("a part", first("/00001"), flip_body, true),
        ("a part gone", first("/00001"), remove, true),
        ("a control entry gone", first("/k/"), remove, true),
        ("the vault object", first("/vault"), flip_body, true),
    ];
    for (what, path, damage, without_keys) in cases {
        damaged(&team, what, &path, damage, without_keys).await;
    }
}

#[tokio::test]
async fn what_is_set_back_or_exchanged_is_found_with_the_invitation() {
    let mut team = Team::open().await;
    // The member reads on and says so, then the founder's chain loses its end.
    team.devices[1].round(&team.bucket).await;
    let old = fs::read(team.path(team.head(0))).unwrap();
    team.devices[0].write(1, "后来").await;
    team.devices[0].round(&team.bucket).await;
    team.devices[1].write(1, "也是后来").await;
    team.devices[1].round(&team.bucket).await;
    fs::write(team.path(team.head(0)), old).unwrap();
    fs::remove_file(team.path(team.segment(0, 71))).unwrap();
    let without = team.verified(false).await;
    assert!(without.is_whole(), "nobody can tell without keys: {without}");
    let with = team.verified(true).await;
    assert_eq!(wrong(&with), [team.devices[0].engine.dev().to_string()], "{with}");
    // A true object under another name.
    fs::copy(team.path(team.segment(0, 3)), team.path(team.segment(0, 4))).unwrap();
    let with = team.verified(true).await;
    assert!(wrong(&with).contains(&team.segment(0, 4).to_string().as_str()), "{with}");
}

/// The founder, who holds all keys, writes one of its objects anew with another body, well signed and sealed.
async fn rewrite(team: &Team, name: Name, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let founder = &team.devices[0];
    let meta = founder.store.load().await.unwrap().meta;
    let identity = meta.iter().find(|(name, _)| name == META_IDENTITY).map(|(_, bytes)| bytes.as_slice()).unwrap();
    let identity: Identity = minicbor_serde::from_slice(identity).unwrap();
    let old = fs::read(team.path(name)).unwrap();
    let sealed = Sealed::read(&old, name).unwrap();
    let place = sealed.place;
    let key = founder.engine.vault().object_key(place.epoch, place.kind, place.dev, place.seq).unwrap();
    let body = change(sealed.open(&key).unwrap());
    let object = seal(&place, &body, Some(&key), [5; 24], &identity.signer()).unwrap();
    let name = match name {
        Name::Pack(vault, dev, from, to, _) => {
            let half = hash(&object).first_chunk().copied().unwrap();
            Name::Pack(vault, dev, from, to, half)
        }
        name => name,
    };
    fs::write(team.path(name), object).unwrap();
}

#[tokio::test]
async fn who_holds_all_keys_and_lies_is_found_out_too() {
    let team = Team::open().await;
    let parsed = |part: &str| {
        let path = team.paths(part)[0].clone();
        let name = path.strip_prefix(team.shop.data.path().join("objects")).unwrap().to_str().unwrap();
        Name::parse(name).unwrap()
    };
    let (pack, manifest) = (parsed("/p/"), parsed("/manifest"));
    rewrite(&team, manifest, |body| {
        let mut manifest: Manifest = wire::from_bytes(&body).unwrap();
        manifest.standing.digest[0] ^= 1;
        wire::to_bytes(&manifest)
    })
    .await;
    // The head names the false one, as whoever lies would see to.
    let forged = hash(&fs::read(team.path(manifest)).unwrap());
    rewrite(&team, team.head(0), |body| {
        let mut head: HeadBody = wire::from_bytes(&body).unwrap();
        head.snapshot.as_mut().unwrap().manifest.hash = forged;
        wire::to_bytes(&head)
    })
    .await;
    rewrite(&team, pack, |body| {
        let mut objects: Objects = wire::from_bytes(&body).unwrap();
        objects.0.swap(3, 4);
        wire::to_bytes(&objects)
    })
    .await;
    // Another past: the segment after it no longer follows, and the true pack holds something else.
    let lie = |body: Vec<u8>| {
        let mut batch = Batch::decode(&body).unwrap();
        batch.ops[0].rows.clear();
        batch.encode()
    };
    rewrite(&team, team.segment(0, 60), lie).await;
    let without = team.verified(false).await;
    assert_eq!(wrong(&without), [team.segment(0, 61).to_string()], "{without}");
    let with = team.verified(true).await;
    let packs = team.paths("/p/").len();
    let found = wrong(&with).iter().filter(|name| name.contains("/p/")).count();
    assert_eq!((packs, found), (2, 2), "the true one and the false one: {with}");
    let told = with.findings.iter().find(|finding| finding.name == manifest.to_string()).unwrap();
    assert!(told.what.to_string().contains("a snapshot that does not hold what it says"), "{with}");
    assert!(wrong(&with).contains(&team.segment(0, 61).to_string().as_str()), "{with}");
}

#[tokio::test]
async fn an_invitation_that_opens_nothing_says_so() {
    let mut team = Team::open().await;
    let other = Team::open().await;
    let foreign = vault::verify(&team.data(), Some(&other.invitation), None).await;
    assert_eq!(foreign, Err(VaultError::OtherVault));
    let id = team.invitation.id();
    let Device { engine, store } = &mut team.devices[0];
    assert!(driver::withdraw(engine, store, &team.bucket, id, clock(), &mut random).await.unwrap());
    assert_eq!(vault::verify(&team.data(), Some(&team.invitation), None).await, Err(VaultError::Withdrawn));
    let link = format!("https://shop.example/#/join?i={}", team.invitation.to_link_payload());
    assert!(vault::invitation(&link).is_ok_and(|read| read == team.invitation));
    assert!(vault::invitation(link.strip_suffix(|_: char| true).unwrap()).is_err());
    let empty = TempDir::new().unwrap();
    assert!(matches!(vault::verify(&folder(empty.path()), None, None).await, Err(VaultError::Place(_))));
}
