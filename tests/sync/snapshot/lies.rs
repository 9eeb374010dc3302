//! Snapshots that are damaged, or false by intent.

use super::*;

#[test]
fn whatever_is_wrong_with_a_snapshot_the_log_is_read_instead() {
    type Tamper = fn(&mut Vec<u8>);
    let tampers: [(Tamper, Fault); 4] = [
        (|object| object[200] ^= 1, Fault::BadSignature),
        (|object| object.truncate(150), Fault::Truncated),
        (|object| object[0] = b'X', Fault::Foreign),
        (|object| object[30] ^= 1, Fault::Misplaced),
    ];
    for part in ["/manifest", "/00001"] {
        for (tamper, fault) in tampers {
            let bucket = Bucket::default();
            let (team, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
            let name = snapshots(&bucket).into_iter().find(|name| name.ends_with(part)).unwrap();
            bucket.with_objects(|objects| tamper(objects.get_mut(&name).unwrap()));
            let (faults, requests) = joined(&bucket, &team, &invitation);
            assert_eq!(faults, [fault], "{part}");
            assert!(gets(&requests, "/s/") as u64 >= LEAST_OPS / BURST - 1);
        }
        let bucket = Bucket::default();
        let (team, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
        bucket.with_objects(|objects| objects.retain(|name, _| !name.ends_with(part)));
        assert_eq!(joined(&bucket, &team, &invitation).0, [Fault::NotVisible], "{part}");
    }
}

#[test]
fn another_snapshot_takes_the_place_of_a_damaged_one() {
    let bucket = Bucket::default();
    let (mut team, invitation) = with_snapshot(&bucket, 1, LEAST_OPS);
    settle(&bucket, &mut team);
    // The second device writes one of its own later, when enough has come since.
    edits(&mut team[1], &bucket, LEAST_OPS * 2);
    checkpoint(&team[1]);
    assert!(team[1].round(&bucket).finished);
    settle(&bucket, &mut team);
    let (first, second) = (team[0].dev().to_string(), team[1].dev().to_string());
    let names = snapshots(&bucket);
    assert!(names.iter().any(|name| name.contains(&first)) && names.iter().any(|name| name.contains(&second)));
    let (faults, requests) = joined(&bucket, &team, &invitation);
    assert!(faults.is_empty() && gets(&requests, "/n/") == 2 && gets(&requests, "/s/") == 0, "{requests:?}");
    assert!(requests.contains(&Request::Get(names.iter().find(|name| name.contains(&second)).unwrap().clone())));
    let newest = names.iter().find(|name| name.contains(&second) && name.ends_with("/00001")).unwrap().clone();
    bucket.with_objects(|objects| objects.get_mut(&newest).unwrap()[300] ^= 1);
    let (faults, requests) = joined(&bucket, &team, &invitation);
    assert_eq!(faults, [Fault::BadSignature]);
    assert_eq!(gets(&requests, "/n/"), 4, "the older one is read");
    assert_eq!(gets(&requests, "/s/") as u64, LEAST_OPS * 2 / BURST - 1, "and only what came after it");
}

/// Puts a manifest of the first device's snapshot anew, signed by it, after changing it.
fn forge(bucket: &Bucket, author: &mut Device, change: impl FnOnce(&mut Manifest)) {
    let offer = author.sync().snapshots.named.unwrap();
    let (vault, dev, seq) = (author.engine.vault().clone(), author.dev(), offer.manifest.seq);
    let name = Name::Manifest(vault.id, dev, seq);
    let object = crate::kit::object(bucket, &name.to_string());
    let sealed = Sealed::read(&object, name).unwrap();
    let key = vault.object_key(1, Kind::Manifest, dev, seq).unwrap();
    let mut manifest: Manifest = wire::from_bytes(&sealed.open(&key).unwrap()).unwrap();
    change(&mut manifest);
    let place = Place { kind: Kind::Manifest, vault: vault.id, dev, seq, prev: [0; 32], epoch: 1 };
    let body = wire::to_bytes(&manifest);
    let object = seal(&place, &body, Some(&key), [8; 24], &author.identity().signer()).unwrap();
    let hash = hash(&object);
    bucket.with_objects(|objects| objects.insert(name.to_string(), object));
    now(author.store.transact(|state| {
        let mut sync = state.sync().unwrap();
        sync.revision += 1;
        sync.snapshots.named.as_mut().unwrap().manifest.hash = hash;
        // Another head has to name it.
        sync.head.snapshot = 0;
        state.set_sync(&sync);
        Some(Change::default())
    }))
    .unwrap();
    author.restart();
    assert!(author.round(bucket).finished);
}

#[test]
fn a_member_who_lies_in_a_snapshot_is_found_out() {
    type Lie = fn(&mut Manifest);
    let lies: [(Lie, Fault); 6] = [
        // All of it agrees with itself, and not with the rows.
        (
            |manifest| {
                *manifest.base.last_mut().unwrap() ^= 1;
                manifest.standing.digest[15] ^= 1;
            },
            Fault::FalseSnapshot,
        ),
        (|manifest| manifest.standing.digest[3] ^= 1, Fault::FalseSnapshot),
        (|manifest| manifest.frontier.values_mut().next().unwrap().opn += 1, Fault::FalseSnapshot),
        (|manifest| manifest.parts.clear(), Fault::FalseSnapshot),
        (|manifest| manifest.parts[0].0[0] ^= 1, Fault::BrokenChain),
        (|manifest| _ = manifest.frontier.insert(DevId([9; 16]), Reach::default()), Fault::UnknownMember),
    ];
    for (lie, fault) in lies {
        let bucket = Bucket::default();
        let (mut team, invitation) = with_snapshot(&bucket, 0, LEAST_OPS);
        forge(&bucket, &mut team[0], lie);
        assert_eq!(joined(&bucket, &team, &invitation).0, [fault]);
    }
    // A false end of a chain shows when the chain does not go on from there; that chain alone waits.
    let bucket = Bucket::default();
    let (mut team, invitation) = with_snapshot(&bucket, 1, LEAST_OPS);
    forge(&bucket, &mut team[0], |manifest| {
        for reach in manifest.frontier.values_mut() {
            reach.segment.hash[0] ^= 1;
        }
    });
    edits(&mut team[0], &bucket, 1);
    let report = Device::joiner(90, &invitation, &bucket).round(&bucket);
    assert_eq!(report.held.first().map(|held| held.fault), Some(Fault::BrokenChain));
    assert!(report.finished);
}
