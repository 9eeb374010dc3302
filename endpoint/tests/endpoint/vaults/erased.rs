//! A vault in which somebody was erased is whole, and nothing of them is found in it.

use super::*;

const SECRET: &str = "王小明";

#[tokio::test]
async fn a_vault_with_cut_logs_is_whole_and_what_was_erased_is_not_found() {
    let mut team = Team::open().await;
    let found = |outcome: &Outcome| outcome.to_string().matches(SECRET).count();
    team.devices[1].write(1, SECRET).await;
    for device in [1, 0, 1] {
        team.devices[device].round(&team.bucket).await;
    }
    let look = async |team: &Team| vault::verify(&team.data(), Some(&team.invitation), Some(SECRET)).await.unwrap();
    let before = look(&team).await;
    assert!(found(&before) > 1 && !before.is_whole(), "{before}");
    let write = erasing(customer::ID, RowId([0; 16]), None);
    let act = Act { now_ms: clock(), ..Act::default() };
    team.devices[0].session().await.save(&[write], act).await.unwrap();
    for device in &mut team.devices {
        // Their snapshot was written just now, and another one would have to wait.
        device.engine.set_limits(Limits { clean_ms: 0, ..Limits::default() });
    }
    for _ in 0..8 {
        for device in &mut team.devices {
            device.beat(&team.bucket).await;
        }
    }
    let after = look(&team).await;
    assert!(after.is_whole(), "{after}");
    assert!(team.devices[0].state().await.sync().unwrap().start.segment.seq > 0);
    let without = team.verified(false).await;
    assert!(without.is_whole() && without.to_string().contains("first segments"), "{without}");
    // What is really missing is still found.
    fs::remove_file(team.paths("/s/").pop().unwrap()).unwrap();
    assert!(!look(&team).await.is_whole());
}
