//! What a round came to, in the terms of people: see [`Report`].

use std::collections::BTreeMap;

use super::{CLOCK_AHEAD_MS, Engine, WITHHELD_ROUNDS, round::OWN_APP};
use crate::book::{DevId, Stamp};
use crate::domain::role::Role;
use crate::sync::name::Name;
use crate::sync::report::{Held, Member, Report, Trouble};
use crate::sync::roster::Enrolled;

impl Engine {
    pub(super) fn make_report(&self) -> Report {
        let now = self.now();
        let ahead = |stamp: Stamp| stamp.ms() > now.saturating_add(CLOCK_AHEAD_MS);
        let mut troubles = self.work.troubles.clone();
        if self.sync.clock_offset != 0 {
            troubles.push(Trouble::OwnClock { offset_ms: self.sync.clock_offset });
        }
        for (&dev, cursor) in &self.sync.cursors {
            let (promised, witness) = (cursor.promised, cursor.witness);
            if promised.seq == cursor.segment.seq && promised.hash != cursor.segment.hash {
                troubles.push(Trouble::Fork { dev, seq: promised.seq, witness });
            }
            if self.missing.get(&dev).is_some_and(|rounds| *rounds >= WITHHELD_ROUNDS) {
                troubles.push(Trouble::Withheld { dev, seq: promised.seq, witness });
            }
            if ahead(cursor.stamp) {
                troubles.push(Trouble::ClockAhead { dev, by_ms: cursor.stamp.ms() - now });
            }
        }
        for (&invite, invited) in &self.roster.invites {
            let used = self.roster.used(invite);
            if used > invited.uses {
                troubles.push(Trouble::Overused { invite, used, uses: invited.uses });
            }
        }
        Report {
            finished: self.work.complete,
            last_ok_ms: self.last_ok_ms,
            waiting_ops: self.opn.saturating_sub(self.sync.pushed.opn),
            waiting_photos: 0,
            pulled_ops: self.work.pulled,
            read_anew: false,
            wants_checkpoint: self.work.clearing.wants_pages,
            troubles,
            held: self.all_held(),
            members: self.members(ahead),
            role: self.role,
            latecomers: self.latecomers(),
            diverged: self.sync.cursors.iter().filter(|(_, cursor)| cursor.diverged).map(|(dev, _)| *dev).collect(),
        }
    }

    fn latecomers(&self) -> Vec<DevId> {
        let late = self.roster.invites.keys().filter_map(|&invite| {
            let came = self.roster.withdrawn(&self.rights, invite)?;
            Some(self.roster.came(invite).filter(move |dev| !came.contains(dev)))
        });
        late.flatten().filter(|dev| self.rights.role(*dev) != Role::Removed).collect()
    }

    fn all_held(&self) -> Vec<Held> {
        let mut held: BTreeMap<String, Held> = BTreeMap::new();
        let mut note = |dev, name: &str, fault, rounds| {
            held.insert(name.to_owned(), Held { dev, name: name.to_owned(), fault, rounds });
        };
        for (name, fault) in &self.held {
            let Some(dev) = Name::parse(name).and_then(Name::dev) else { continue };
            note(dev, name, *fault, 0);
        }
        for (dev, name, fault) in &self.work.choice.spoiled {
            note(*dev, &name.to_string(), *fault, 0);
        }
        for (&dev, chain) in &self.chains {
            let Some((name, fault)) = &chain.held else { continue };
            note(dev, name, *fault, chain.rounds);
        }
        held.into_values().collect()
    }

    fn members(&self, ahead: impl Fn(Stamp) -> bool) -> Vec<Member> {
        let member = |(&dev, enrolled): (&DevId, &Enrolled)| {
            let cursor = self.sync.cursors.get(&dev);
            let own = dev == self.dev;
            let stamp =
                if own { self.sync.sealed_stamp } else { cursor.map_or(Stamp::default(), |cursor| cursor.stamp) };
            let app = if own { OWN_APP } else { cursor.map_or("", |cursor| &cursor.app) };
            Member {
                dev,
                own,
                name: enrolled.name.clone(),
                role: self.rights.role(dev),
                stamp,
                seq: if own { self.sync.segment.seq } else { cursor.map_or(0, |cursor| cursor.segment.seq) },
                app: app.to_owned(),
                clock_ahead: ahead(stamp),
                at_rest: self.is_at_rest(dev),
            }
        };
        self.roster.members.iter().map(member).collect()
    }
}
