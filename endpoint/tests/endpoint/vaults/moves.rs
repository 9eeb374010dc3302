//! `backup` and `restore`.

use super::*;

#[tokio::test]
async fn a_backup_takes_what_is_new_and_a_restore_gives_it_back() {
    let mut team = Team::open().await;
    let (backup, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = vault::backup(&team.data(), backup.path().to_owned(), Some(&team.invitation)).await.unwrap();
    assert!(first.is_whole(), "{first}");
    assert_eq!(contents(backup.path()), contents(team.shop.data.path()));
    // Two segments and two heads more; from the bucket this time.
    for device in &mut team.devices {
        device.write(1, "以后").await;
        device.round(&team.bucket).await;
    }
    let bucket = Location::Bucket(team.invitation.connection.clone());
    let second = vault::backup(&bucket, backup.path().to_owned(), None).await.unwrap();
    assert!(second.is_whole() && second.to_string().contains("copied 4 objects"), "{second}");
    assert_eq!(contents(backup.path()), contents(team.shop.data.path()));
    let restored = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(restored.is_whole(), "{restored}");
    assert_eq!(contents(target.path()), contents(backup.path()));
    // Once more changes nothing; where something else lies, nothing is written.
    let again = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(again.to_string().contains("copied 0 objects"), "{again}");
    let name = team.segment(0, 1).to_string();
    fs::write(target.path().join("objects").join(&name), b"else").unwrap();
    let before = contents(target.path());
    fs::remove_file(target.path().join("objects").join(team.head(0).to_string())).unwrap();
    let refused = vault::restore(backup.path().to_owned(), &folder(target.path())).await;
    assert_eq!(refused, Err(VaultError::Taken(vec![name])));
    assert_eq!(contents(target.path()).len(), before.len() - 1, "nothing was written");
}

#[tokio::test]
async fn a_backup_is_not_spoiled_by_what_was_damaged_or_set_back() {
    let mut team = Team::open().await;
    let backup = TempDir::new().unwrap();
    let old = fs::read(team.path(team.head(0))).unwrap();
    team.devices[0].write(1, "以后").await;
    team.devices[0].round(&team.bucket).await;
    flip(&team.path(team.segment(0, 67)), 3);
    let first = vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    assert_eq!(wrong(&first)[0], team.segment(0, 67).to_string(), "{first}");
    assert!(!backup.path().join("objects").join(team.segment(0, 67).to_string()).exists());
    let kept = fs::read(team.path(team.head(0))).unwrap();
    fs::write(team.path(team.head(0)), old).unwrap();
    let second = vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    assert!(wrong(&second).contains(&team.head(0).to_string().as_str()), "{second}");
    assert_eq!(fs::read(backup.path().join("objects").join(team.head(0).to_string())).unwrap(), kept);
    // What is restored of it has no head that promises what is not there, and says so.
    let target = TempDir::new().unwrap();
    let restored = vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    assert!(wrong(&restored).contains(&team.head(0).to_string().as_str()), "{restored}");
    assert!(!target.path().join("objects").join(team.head(0).to_string()).exists());
    assert!(target.path().join("objects").join(team.head(1).to_string()).exists());
}

#[tokio::test]
async fn a_restored_bucket_is_one_in_which_the_team_goes_on() {
    let mut team = Team::open().await;
    let (backup, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    vault::backup(&team.data(), backup.path().to_owned(), None).await.unwrap();
    vault::restore(backup.path().to_owned(), &folder(target.path())).await.unwrap();
    let config = dianbu_endpoint::Config::new("127.0.0.1:0", target.path());
    let running = dianbu_endpoint::serve(config).await.unwrap();
    let keys = running.keys().clone();
    let connection = Connection {
        endpoint: format!("http://{}", running.addr()),
        access_key: keys.access_key,
        secret_key: keys.secret_key,
        ..team.invitation.connection.clone()
    };
    let bucket = S3::new(&connection, clock).unwrap();
    team.devices[0].write(1, "新家").await;
    for device in &mut team.devices {
        device.round(&bucket).await;
    }
    team.devices[0].round(&bucket).await;
    let [one, other] = &team.devices;
    assert_eq!(one.session().await.with(Book::standing), other.session().await.with(Book::standing));
    running.shutdown().await;
}

#[test]
fn the_commands_run_as_processes_and_their_exit_codes_tell() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let team = runtime.block_on(Team::open());
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dianbu-endpoint"));
        command.env_remove("DIANBU_ACCESS_KEY").env_remove("DIANBU_SECRET_KEY");
        let output = command.args(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let data = team.shop.data.path().to_str().unwrap();
    let link = team.invitation.to_link_payload();
    assert_eq!(run(&["verify", "--data", data]).0, 0);
    let (code, out, _) = run(&["verify", "--link", &link]);
    assert!(code == 0 && out.contains("79 operations"), "{out}");
    let url = format!("{}/dianbu", team.shop.url(""));
    let keys = team.shop.running.keys();
    let (key, secret) = (keys.access_key.as_str(), keys.secret_key.as_str());
    assert_eq!(run(&["verify", "--bucket", &url, "--key", key, "--secret", secret]).0, 0);
    let (code, _, error) = run(&["verify", "--bucket", &url, "--key", "x", "--secret", "y"]);
    assert!(code == 1 && error.contains("InvalidAccessKeyId"), "{error}");
    let backup = TempDir::new().unwrap();
    let folder = backup.path().to_str().unwrap();
    assert_eq!(run(&["backup", "--data", data, "--to", folder]).0, 0);
    assert_eq!(run(&["backup", "--data", data, "--to", data]).0, 1);
    flip(&team.path(team.segment(0, 2)), 140);
    let (code, out, _) = run(&["verify", "--data", data]);
    assert!(code == 1 && out.contains(&team.segment(0, 2).to_string()) && out.contains("altered"), "{out}");
    let (code, _, error) = run(&["restore", "--from", folder, "--data", data]);
    assert!(code == 1 && error.contains("Stop it first"), "the endpoint runs over it: {error}");
    assert_eq!(run(&["restore", "--from", folder]).0, 2);
    assert_eq!(run(&["verify"]).0, 2);
    assert_eq!(run(&["verify", "--link", "nonsense"]).0, 1);
    assert!(run(&["backup", "--help"]).1.contains("--to FOLDER"));
}
