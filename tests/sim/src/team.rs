//! Who belongs to the team and what each may do: invitations, roles, removals, heirs, and people who do not accept it.

use dianbu::book::erase::erasing;
use dianbu::book::{Batch, CellWrite, Op, RowId, RowWrite, Value};
use dianbu::domain::customer::customer;
use dianbu::domain::team::{entry, settings};
use dianbu::store::{Change, Store};
use dianbu::sync::driver;
use dianbu::sync::engine::Terms;
use dianbu::sync::keys::{Identity, InviteKeys};
use dianbu::sync::member::{META_ROSTER, Welcome};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind as ObjectKind, Place, hash, seal};
use dianbu::sync::report::Trouble as Told;
use dianbu::sync::roster::Roster;
use dianbu::sync::state::{Link as Ended, State};
use dianbu::sync::wire::{self, Control, Epoch, Grant, Invite, Role, Withdraw};

use crate::chance::Chance;
use crate::desk::now;
use crate::disk::Image;
use crate::fault::Trouble;
use crate::ledger::SECRET;
use crate::rules::{self, KINDS, Told as Heard, Verdict};
use crate::world::{Done, Kind, Link, World, connection, sheet, terms};

/// So many devices of the team stay.
const FEW: usize = 2;

impl World {
    /// Something about the team changes.
    pub fn team_change(&mut self, profile: usize) {
        match self.chance.below(12) {
            0..3 => self.change_role(profile),
            3 | 4 => self.take_out(profile),
            5 if self.is_active(profile) && self.strikes(Trouble::TakenBack, 60) => self.withdraw(profile),
            6 => self.friend(),
            7 if self.role(profile) == Role::Owner && self.chance.percent(30) => self.invite(profile, sheet()),
            8 => self.succeed_if_copied(profile),
            _ => {
                let limited = |profile: &usize| !matches!(self.role(*profile), Role::Owner | Role::Manager);
                let out = |profile: &usize| self.role(*profile) == Role::Removed;
                let mut may: Vec<_> = self.honest().into_iter().filter(limited).collect();
                if may.iter().any(out) && self.chance.percent(60) {
                    may.retain(|profile| self.role(*profile) == Role::Removed);
                }
                if let Some(rebel) = self.chance.pick(&may) {
                    self.rebel(rebel);
                }
            }
        }
    }

    /// A profile that can begin something now.
    fn is_active(&self, profile: usize) -> bool {
        !self.is_busy(profile) && self.profiles[profile].tabs[0].engine.is_some()
    }

    /// An owner who can begin something now, this one if it is.
    fn owner(&mut self, profile: usize) -> Option<usize> {
        let owns = |profile: &usize| self.role(*profile) == Role::Owner && self.is_active(*profile);
        let owners: Vec<_> = self.honest().into_iter().filter(owns).collect();
        if owners.contains(&profile) { Some(profile) } else { self.chance.pick(&owners) }
    }

    /// An owner gives somebody else another role.
    fn change_role(&mut self, profile: usize) {
        let Some(owner) = self.owner(profile) else { return };
        let Some(of) = self.other(owner) else { return };
        if self.strikes(Trouble::Granted, 80) {
            let mut roles = Role::GIVEN.to_vec();
            // Nobody raises who has been seen to write what it may not.
            roles.retain(|role| self.profiles[of].kind != Kind::Rebel || !role.may_vouch());
            let role = self.chance.pick(&roles).unwrap_or_default();
            self.grant(owner, of, role);
        }
    }

    /// An owner takes somebody out, or two take out each other.
    fn take_out(&mut self, profile: usize) {
        let Some(owner) = self.owner(profile) else { return };
        let Some(of) = self.other(owner) else { return };
        if self.live().len() <= FEW {
            return;
        }
        let duel = self.role(of) == Role::Owner && self.is_active(of) && self.strikes(Trouble::Duel, 60);
        if duel {
            self.grant(of, owner, Role::Removed);
        }
        if duel || self.strikes(Trouble::TakenOut, 60) {
            self.grant(owner, of, Role::Removed);
        }
    }

    fn other(&mut self, profile: usize) -> Option<usize> {
        let dev = self.profiles[profile].dev;
        let others: Vec<_> = self.live().into_iter().filter(|other| self.profiles[*other].dev != dev).collect();
        self.chance.pick(&others)
    }

    /// Who may do what, by everything that anybody knows.
    pub fn last_word(&self) -> Verdict {
        let records: Vec<_> = self.profiles.iter().map(|profile| profile.disk.record()).collect();
        self.ledger.borrow().last_word(records.iter())
    }

    /// Profiles that are of the vault, by everything that anybody ever said.
    pub fn live(&self) -> Vec<usize> {
        let verdict = self.last_word();
        (0..self.profiles.len()).filter(|it| verdict.role(self.profiles[*it].dev) != Role::Removed).collect()
    }

    fn grant(&mut self, owner: usize, of: usize, role: Role) {
        let Some(mut engine) = self.profiles[owner].tabs[0].engine.take() else { return };
        self.tell(&|| format!("profile {owner} gives profile {of} the role {role:?}"));
        if role == Role::Removed {
            // The invitations that are open are taken back with it.
            let came_with = self.profiles[of].disk.record().told.map(|told| told.invite);
            let kept = |link: &Link| link.recovery && Some(link.invitation.id()) != came_with;
            let (sheets, open) = std::mem::take(&mut self.links).into_iter().partition(kept);
            self.links = sheets;
            self.old_links.extend::<Vec<_>>(open);
        }
        let (drive, line, dev) = (self.drive(owner), self.line(owner), self.profiles[of].dev);
        let now_ms = self.profiles[owner].disk.clock.get();
        let mut chance = Chance::new(self.chance.draw());
        self.begin((owner, 0), "grant", async move {
            let random = &mut |bytes: &mut [u8]| chance.fill(bytes);
            let result = driver::grant(&mut engine, &drive, &line, (dev, role), now_ms, random).await;
            Done::Granted(Box::new(engine), result)
        });
    }

    fn withdraw(&mut self, profile: usize) {
        if self.links.is_empty() {
            return;
        }
        let link = self.links.remove(self.chance.place(self.links.len()));
        let Some(mut engine) = self.profiles[profile].tabs[0].engine.take() else { return };
        self.tell(&|| format!("profile {profile} takes an invitation back"));
        let (drive, line) = (self.drive(profile), self.line(profile));
        let now_ms = self.profiles[profile].disk.clock.get();
        let mut chance = Chance::new(self.chance.draw());
        let invite = link.invitation.id();
        self.old_links.push(link);
        self.begin((profile, 0), "withdraw", async move {
            let random = &mut |bytes: &mut [u8]| chance.fill(bytes);
            let result = driver::withdraw(&mut engine, &drive, &line, invite, now_ms, random).await;
            Done::Withdrawn(Box::new(engine), result)
        });
    }

    /// Begins to invite somebody whom this profile may invite, as far as it knows.
    pub fn invite_somebody(&mut self, profile: usize) {
        let role = match self.role(profile) {
            Role::Owner => self.chance.pick(&Role::GIVEN).unwrap_or_default(),
            _ => self.chance.pick(&[Role::Staff, Role::Viewer]).unwrap_or_default(),
        };
        self.invite(profile, terms(role));
    }

    fn invite(&mut self, profile: usize, terms: Terms) {
        let Some(mut engine) = self.profiles[profile].tabs[0].engine.take() else { return };
        self.tell(&|| format!("profile {profile} invites into {:?}", terms.role));
        let (drive, line) = (self.drive(profile), self.line(profile));
        let now_ms = self.profiles[profile].disk.clock.get();
        let mut chance = Chance::new(self.chance.draw());
        self.begin((profile, 0), "invite", async move {
            let random = &mut |bytes: &mut [u8]| chance.fill(bytes);
            let result = driver::invite(&mut engine, &drive, &line, connection(), terms, now_ms, random).await;
            Done::Invited(Box::new(engine), result, terms)
        });
    }

    /// Invites with nothing in between.
    pub fn invite_now(&mut self, profile: usize, terms: Terms) -> Option<Link> {
        let mut engine = self.profiles[profile].tabs[0].engine.take()?;
        let (drive, line) = (self.drive(profile), self.line(profile));
        let now_ms = self.profiles[profile].disk.clock.get();
        let chance = &mut self.chance;
        let random = &mut |bytes: &mut [u8]| chance.fill(bytes);
        let result = now(driver::invite(&mut engine, &drive, &line, connection(), terms, now_ms, random));
        self.profiles[profile].tabs[0].engine = Some(engine);
        self.link(result.ok()?, terms)
    }

    fn link(&self, invitation: dianbu::sync::invite::Invitation, terms: Terms) -> Option<Link> {
        let bundle = self.cloud.object(&invitation.name().to_string())?;
        Some(Link { invitation, bundle, role: terms.role, recovery: terms.recovery })
    }

    /// A link is shown.
    pub fn invited(&mut self, invitation: Option<dianbu::sync::invite::Invitation>, terms: Terms) {
        let Some(link) = invitation.and_then(|invitation| self.link(invitation, terms)) else { return };
        // Whoever is just taking somebody out takes it back with the others, if it is known there already.
        let removing = self.tasks.values().any(|task| task.what == "grant");
        if removing && !link.recovery { self.old_links.push(link) } else { self.links.push(link) }
    }

    /// A new device joins with a link, or with a copy of its bundle. Its profile, if it did.
    pub fn join(&mut self, link: &Link, copied: bool) -> Option<usize> {
        let mut random = self.chance.clone();
        let identity = Identity::new(&mut |bytes: &mut [u8]| random.fill(bytes));
        let number = self.profiles.len();
        let (invite, by) = (link.invitation.id(), link.invitation.inviter);
        let mut image = Image::default();
        std::rc::Rc::make_mut(&mut image.record).told =
            Some(Heard { invite, by, role: link.role, recovery: link.recovery });
        let profile = self.add(identity.dev(), image);
        let (line, drive, time) = (self.line(profile), self.drive(profile), self.cloud.time.get());
        let vault = self.cloud.object(&Name::Vault(link.invitation.vault).to_string());
        let welcome = match vault.filter(|_| copied) {
            Some(vault) => Welcome::read(&link.invitation, vault, &link.bundle, time).ok(),
            None => now(driver::welcome(&line, &link.invitation, time)).ok(),
        };
        let joined = welcome.and_then(|welcome| {
            let (state, name) = (State::default(), format!("平板{number}"));
            welcome.join(&state, &identity, name, time, &mut |bytes: &mut [u8]| random.fill(bytes)).ok()
        });
        self.chance = random;
        let Some(commit) = joined else {
            self.profiles.pop();
            return None;
        };
        let _ = now(drive.transact(|state| commit.apply(state)));
        self.open_tab(profile, 0);
        Some(profile)
    }

    /// Somebody comes with a link that he kept.
    fn friend(&mut self) {
        if self.profiles.len() >= crate::run::MANY {
            return;
        }
        let Some(link) = self.chance.pick(&self.old_links) else { return };
        if self.strikes(Trouble::Friend, 80) {
            let joined = self.join(&link, true);
            self.tell(&|| format!("a friend comes with an old link: {joined:?}"));
        }
    }

    /// A copied profile that has noticed it becomes a device of its own.
    pub fn succeed_if_copied(&mut self, profile: usize) {
        let noticed = |profile: &usize| {
            let it = &self.profiles[*profile];
            let told = it.tabs.iter().filter_map(|tab| tab.report.as_ref()).any(|r| r.troubles.contains(&Told::Cloned));
            it.kind == Kind::Split && told && self.is_active(*profile)
        };
        let first = std::iter::once(profile).chain(self.honest()).find(noticed);
        let Some(copy) = first else { return };
        if self.strikes(Trouble::Heir, 90) {
            self.succeed(copy);
        }
    }

    /// A copied profile becomes a device of its own.
    pub fn succeed(&mut self, profile: usize) {
        let (drive, now_ms) = (self.drive(profile), self.profiles[profile].disk.clock.get());
        let chance = &mut self.chance;
        let random = &mut |bytes: &mut [u8]| chance.fill(bytes);
        let made = now(driver::succeed(&drive, format!("分身{profile}"), now_ms, random));
        self.tell(&|| format!("profile {profile} becomes a device of its own: {made:?}"));
        if made.is_ok() {
            (self.profiles[profile].kind, self.profiles[profile].backup) = (Kind::Honest, None);
            self.reopen(profile);
            self.inherit(profile);
        }
    }

    /// The owner of this profile has a changed app and does what its role does not allow.
    fn rebel(&mut self, profile: usize) {
        let kind = self.profiles[profile].kind;
        if !matches!(kind, Kind::Honest | Kind::Rebel)
            || !self.is_active(profile)
            || self.profiles[profile].disk.full.get()
        {
            return;
        }
        let role = self.role(profile);
        // Whoever may do everything cannot do what it may not.
        let known = self.last_word().role(self.profiles[profile].dev) == role;
        if matches!(role, Role::Owner | Role::Manager) || !known || !self.strikes(Trouble::Rebel, 60) {
            return;
        }
        self.profiles[profile].kind = Kind::Rebel;
        let dev = self.profiles[profile].dev;
        self.ledger.borrow_mut().rebels.insert(dev);
        match self.chance.below(10) {
            0..4 => self.write_past(profile, role),
            4 if role == Role::Removed => self.succeed(profile),
            _ => self.claim(profile),
        }
        self.round_now(profile);
        if self.profiles[profile].kind == Kind::Honest {
            self.profiles[profile].kind = Kind::Rebel;
            let heir = self.profiles[profile].dev;
            self.ledger.borrow_mut().rebels.insert(heir);
        }
    }

    /// Writes past the session what the role does not allow.
    fn write_past(&mut self, profile: usize, role: Role) {
        let all = KINDS.into_iter().chain([rules::ERASING]);
        let forbidden: Vec<u16> = all.filter(|kind| !rules::may(role, *kind)).collect();
        let Some(kind) = self.chance.pick(&forbidden) else { return };
        let field = match kind {
            entry::ID => entry::NAME.field,
            settings::ID => settings::TEAM.field,
            _ => customer::NAME.field,
        };
        self.texts += 1;
        let id = RowId([u8::try_from(self.chance.below(4)).unwrap_or_default() + 1; 16]);
        let bases = self.profiles[profile].tabs[0].session.with(|book| {
            let row = book.row(kind, id).unwrap_or_default();
            let cell = row.cells.into_iter().find(|cell| cell.field == field);
            cell.iter().flat_map(|cell| &cell.live).map(|written| book.dot(written.mark)).collect()
        });
        let value = Value::Text(format!("{SECRET}{}", self.texts));
        let mut rows = vec![RowWrite { kind, id, cells: vec![CellWrite { field, elem: None, value, bases }] }];
        if kind == rules::ERASING {
            rows = vec![erasing(customer::ID, id, None)];
        }
        self.tell(&|| format!("profile {profile}, {role:?}, writes {kind} past its session"));
        let (drive, clock, dev) =
            (self.drive(profile), self.profiles[profile].disk.clock.get(), self.profiles[profile].dev);
        let _ = now(drive.transact(|state| {
            state.opn += 1;
            state.stamp = state.stamp.next(state.now(clock));
            let op = Op { opn: state.opn, stamp: state.stamp, by: None, batch: None, rows: rows.clone() };
            Some(Change { tail: vec![Batch { dev, ops: vec![op] }.encode()], ..Change::default() })
        }));
    }

    /// Writes a control entry that its role does not allow.
    fn claim(&mut self, profile: usize) {
        let (Some(identity), Some(vault)) = (self.identity(profile), self.ledger.borrow().vault.clone()) else {
            return;
        };
        let dev = self.profiles[profile].dev;
        let sync = self.profiles[profile].disk.sync();
        let Some(about) = self.chance.pick(&self.live()).map(|other| self.profiles[other].dev) else { return };
        let read = sync.cursors.get(&about).cloned().unwrap_or_default();
        let mut key = [0; 32];
        self.chance.fill(&mut key);
        let secret = key.first_chunk::<16>().copied().unwrap_or_default();
        let invite = InviteKeys::new(&secret);
        let entry = match self.chance.below(6) {
            0 | 1 => {
                let role = self.chance.pick(&[Role::Removed, Role::Viewer, Role::Owner]).unwrap_or_default();
                let at_ms = self.cloud.time.get();
                Control::Grant(Grant {
                    dev: about,
                    role,
                    segment: read.segment,
                    control: read.control,
                    kept: Vec::new(),
                    at_ms,
                })
            }
            2 => {
                // Everybody is said to have a key that nobody has.
                let holders = self.live().into_iter().map(|other| (self.profiles[other].dev, vec![7; 80].into()));
                let numbers = vault.epochs().keys().copied().max().unwrap_or_default();
                let number = u32::try_from(self.chance.below(u64::from(numbers) + 2)).unwrap_or_default().max(1);
                let without = vec![about];
                Control::Epoch(Epoch { number, keys: holders.collect(), without, id: [7; 16] })
            }
            3 | 4 => {
                let public = invite.public();
                let (expires_ms, recovery) = (u64::MAX, self.chance.percent(50));
                Control::Invite(Invite {
                    public,
                    role: Role::Owner,
                    uses: 99,
                    expires_ms,
                    seal: invite.seal_to(),
                    epoch: vault.epoch(),
                    recovery,
                })
            }
            _ => {
                let Some(link) = self.chance.pick(&self.links) else { return };
                Control::Withdraw(Withdraw { invite: link.invitation.id(), came: Vec::new() })
            }
        };
        self.tell(&|| format!("profile {profile} claims {entry:?}"));
        let Ended { seq, hash: prev } = sync.control;
        let place = Place { kind: ObjectKind::Control, vault: vault.id, dev, seq: seq + 1, prev, epoch: 0 };
        let Some(key) = vault.object_key(0, place.kind, dev, place.seq) else { return };
        let Ok(object) = seal(&place, &wire::to_bytes(&entry), Some(&key), [3; 24], &identity.signer()) else { return };
        let drive = self.drive(profile);
        let roster = drive.disk.loaded().meta.into_iter().find(|(name, _)| name == META_ROSTER);
        let Some(mut roster) = roster.and_then(|(_, bytes)| minicbor_serde::from_slice::<Roster>(&bytes).ok()) else {
            return;
        };
        let _ = roster.apply(&vault, dev, place.seq, entry);
        let Ok(roster) = minicbor_serde::to_vec(&roster) else { return };
        let _ = now(drive.transact(|state| {
            let mut sync = state.sync().ok()?;
            (sync.control, sync.revision) = (Ended { seq: place.seq, hash: hash(&object) }, sync.revision + 1);
            state.set_sync(&sync);
            let log = vec![(Name::Control(vault.id, dev, place.seq).to_string(), Some(object.clone()))];
            Some(Change { log, meta: vec![(META_ROSTER.to_owned(), Some(roster.clone()))], ..Change::default() })
        }));
    }
}
